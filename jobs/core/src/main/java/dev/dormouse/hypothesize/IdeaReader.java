package dev.dormouse.hypothesize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.dormouse.hypothesize.IdeaRefusal.Kind;
import dev.dormouse.hypothesize.IdeaReply.ProposedIdea;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.ParamValue;
import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the ideas of a language model's reply. Each becomes an arm of the search space with
 * harmless texts, or is refused with a typed reason.
 */
public final class IdeaReader {
  private static final int MAX_REPLY_LENGTH = 200_000;
  private static final int MAX_VALUE_LENGTH = 200;

  private static final ObjectReader JSON =
      Json.mapper()
          .reader()
          .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /**
   * The content of a reply.
   *
   * @param ideas accepted ideas, in the model's order
   * @param refusals reasons why other ideas, or the whole reply, were refused
   */
  public record Reading(List<Idea> ideas, List<IdeaRefusal> refusals) {
    public Reading {
      ideas = List.copyOf(ideas);
      refusals = List.copyOf(refusals);
    }
  }

  private final IdeaContext context;
  private final Citations citations;

  private IdeaReader(IdeaContext context) {
    this.context = context;
    this.citations = Citations.of(context);
  }

  /** Reads a reply; never throws. Refuses ideas beyond the first {@code most}. */
  public static Reading read(IdeaContext context, String reply, int most) {
    Optional<JsonNode> root = tree(reply);
    if (root.isEmpty()
        || !hasOnly(root.get(), Set.of("ideas"))
        || !root.get().path("ideas").isArray()) {
      return new Reading(
          List.of(),
          List.of(new IdeaRefusal(Kind.SCHEMA_VIOLATION, "the reply is not a list of ideas")));
    }
    IdeaReader reader = new IdeaReader(context);
    List<Idea> ideas = new ArrayList<>();
    List<IdeaRefusal> refusals = new ArrayList<>();
    for (JsonNode node : root.get().path("ideas")) {
      if (ideas.size() + refusals.size() >= most) {
        refusals.add(new IdeaRefusal(Kind.TOO_MANY, "more than " + most + " ideas"));
        break;
      }
      try {
        ideas.add(reader.idea(node));
      } catch (Refused refused) {
        refusals.add(refused.refusal);
      }
    }
    return new Reading(ideas, refusals);
  }

  /** Parses a reply; empty if it is too long or not JSON. */
  static Optional<JsonNode> tree(String reply) {
    if (reply.length() > MAX_REPLY_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readTree(reply)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Thrown to refuse the idea that is being read. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient IdeaRefusal refusal;

    Refused(IdeaRefusal refusal) {
      super(refusal.detail(), null, false, false);
      this.refusal = refusal;
    }

    Refused(Kind kind, String detail) {
      this(new IdeaRefusal(kind, detail));
    }
  }

  private Idea idea(JsonNode node) {
    if (!node.isObject()) {
      throw new Refused(Kind.SCHEMA_VIOLATION, "an idea is not an object");
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!ProposedIdea.FIELDS.contains(field.getKey())) {
        throw TextGuard.isCap(field.getKey())
            ? new Refused(Kind.TOUCHES_A_CAP, "an idea has a field for a cap or an approval")
            : new Refused(Kind.SCHEMA_VIOLATION, "an idea has a field that the schema has not");
      }
    }
    List<Change> changes = changes(node.path("changes"));
    Arm arm = arm(changes);
    double low = number(node, "gain_p10");
    double middle = number(node, "gain_p50");
    double high = number(node, "gain_p90");
    if (low > middle || middle > high) {
      throw new Refused(Kind.INVALID_FORECAST, "the quantiles of the gain are out of order");
    }
    double cost = number(node, "cost_gpu_hours");
    if (cost < 0) {
      throw new Refused(Kind.INVALID_FORECAST, "the cost is below 0");
    }
    if (cost > GpuHours.hours(context.funds().capMicros())) {
      throw new Refused(
          Kind.TOO_EXPENSIVE,
          "a run would cost more than the " + GpuHours.text(context.funds().capMicros()) + " left");
    }
    return new Idea(
        arm,
        arm.changesFrom(context.baseline()),
        text(node, "claim"),
        text(node, "mechanism"),
        sources(node.path("sources")),
        new Idea.Claims(
            low, middle, high, probability(node, "p_success"), probability(node, "p_crash"), cost),
        text(node, "disconfirming"),
        nearest(node),
        text(node, "why_different"));
  }

  private List<Change> changes(JsonNode node) {
    if (!node.isObject() || node.isEmpty() || node.size() > IdeaSchema.maxChanges(context)) {
      throw new Refused(
          Kind.SCHEMA_VIOLATION,
          "an idea has no object of 1 to " + IdeaSchema.maxChanges(context) + " changes");
    }
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> change : node.properties()) {
      String parameter = change.getKey();
      if (!context.changeable().contains(parameter)) {
        throw TextGuard.isCap(parameter)
            ? new Refused(Kind.TOUCHES_A_CAP, "a change touches a cap, a limit or an approval")
            : new Refused(
                Kind.UNKNOWN_PARAMETER, "a change is of no parameter of the search space");
      }
      changes.add(
          new Change(
              parameter,
              context.baseline().value(parameter).orElse(""),
              value(parameter, change.getValue())));
    }
    return changes;
  }

  private String value(String parameter, JsonNode to) {
    String raw = to.isValueNode() && !to.isNull() ? to.asText() : "";
    boolean listed = !context.space().arms().isEmpty();
    if ((raw.isBlank() && !listed) || raw.length() > MAX_VALUE_LENGTH) {
      throw new Refused(Kind.SCHEMA_VIOLATION, "the change of " + parameter + " has no value");
    }
    String value = ParamValue.canonical(raw);
    boolean allowed =
        listed
            ? context.space().arms().stream()
                .anyMatch(arm -> arm.value(parameter).orElse("").equals(value))
            : context.space().parameter(parameter).filter(p -> p.admits(value)).isPresent();
    if (!allowed) {
      throw new Refused(
          Kind.OUTSIDE_THE_SPACE, "the search space does not allow that value of " + parameter);
    }
    return value;
  }

  private Arm arm(List<Change> changes) {
    Arm arm = context.baseline().with(changes);
    if (arm.equals(context.baseline())) {
      throw new Refused(Kind.NO_CHANGE, "the changes lead to the baseline");
    }
    if (!context.space().admits(arm, context.baseline())) {
      throw new Refused(
          Kind.OUTSIDE_THE_SPACE, "the changes lead to an arm outside the search space");
    }
    return arm;
  }

  private List<String> sources(JsonNode node) {
    if (!node.isArray() || node.size() > IdeaSchema.MAX_SOURCES) {
      throw new Refused(Kind.SCHEMA_VIOLATION, "an idea has no list of sources");
    }
    Set<String> sources = new LinkedHashSet<>();
    for (JsonNode source : node) {
      sources.add(
          citations
              .id(source.asText())
              .orElseThrow(
                  () -> new Refused(Kind.UNKNOWN_SOURCE, "an idea cites what it was not given")));
    }
    return List.copyOf(sources);
  }

  private Optional<String> nearest(JsonNode node) {
    String nearest = node.path("nearest_run").asText("").strip();
    if (nearest.isEmpty() || nearest.equalsIgnoreCase(IdeaSchema.NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        citations
            .id(nearest)
            .filter(id -> citations.runs().contains(nearest))
            .orElseThrow(
                () ->
                    new Refused(Kind.UNKNOWN_SOURCE, "the nearest run is none that it was given")));
  }

  private static String text(JsonNode node, String field) {
    JsonNode text = node.path(field);
    if (!text.isTextual() || text.asText().length() > IdeaSchema.MAX_TEXT_LENGTH) {
      throw new Refused(
          Kind.SCHEMA_VIOLATION,
          "field "
              + field
              + " is no text of at most "
              + IdeaSchema.MAX_TEXT_LENGTH
              + " characters");
    }
    TextGuard.refusal(field, text.asText())
        .ifPresent(
            refusal -> {
              throw new Refused(refusal);
            });
    return TextGuard.plain(text.asText());
  }

  private static double number(JsonNode node, String field) {
    JsonNode number = node.path(field);
    if (!number.isNumber() || !Double.isFinite(number.asDouble())) {
      throw new Refused(Kind.INVALID_FORECAST, "field " + field + " is no number");
    }
    return number.asDouble();
  }

  private static double probability(JsonNode node, String field) {
    double probability = number(node, field);
    if (probability < 0 || probability > 1) {
      throw new Refused(Kind.INVALID_FORECAST, "field " + field + " is no probability");
    }
    return probability;
  }

  private static boolean hasOnly(JsonNode node, Set<String> fields) {
    return node.isObject()
        && node.properties().stream().allMatch(field -> fields.contains(field.getKey()));
  }
}
