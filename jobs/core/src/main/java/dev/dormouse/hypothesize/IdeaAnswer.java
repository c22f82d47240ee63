package dev.dormouse.hypothesize;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.dormouse.hypothesize.IdeaContext.PastOutcome;
import dev.dormouse.hypothesize.IdeaReply.ProposedIdea;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Source;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a hypothesis of any source as a language model would have to answer {@link
 * IdeaPrompt#ideas} with one idea. Every answer is one that {@link IdeaReader} accepts.
 */
public final class IdeaAnswer {
  /** Keys in the order of the schema, in which constrained decoding writes them. */
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build()
          .writer();

  /**
   * A hypothesis that was proposed in a context.
   *
   * @param source who proposed it
   * @param arm the baseline with the changes made
   * @param claim one sentence
   * @param rationale why it should work
   * @param evidence ids that it rests on; those that the context lacks are left out
   * @param claims its forecast before it was tried
   */
  public record Proposed(
      Source source,
      Arm arm,
      String claim,
      String rationale,
      List<String> evidence,
      Idea.Claims claims) {
    public Proposed {
      evidence = List.copyOf(evidence);
    }
  }

  private final IdeaContext context;
  private final Proposed proposed;
  private final Citations citations;
  private final List<Change> changes;

  private IdeaAnswer(IdeaContext context, Proposed proposed) {
    this.context = context;
    this.proposed = proposed;
    this.citations = Citations.of(context);
    this.changes = proposed.arm().changesFrom(context.baseline());
  }

  /**
   * Returns the answer as one line of JSON. Where the reader refuses the hypothesis' own texts, the
   * answer has plain ones instead.
   *
   * @return empty if the reader refuses the hypothesis with plain texts as well
   */
  public static Optional<String> of(IdeaContext context, Proposed proposed) {
    IdeaAnswer answer = new IdeaAnswer(context, proposed);
    return Stream.of(answer.ownTexts(), answer.plainTexts())
        .map(answer::json)
        .filter(answer::isAccepted)
        .findFirst();
  }

  private boolean isAccepted(String json) {
    List<Idea> ideas = IdeaReader.read(context, json, 1).ideas();
    return ideas.size() == 1 && ideas.get(0).arm().equals(proposed.arm());
  }

  private IdeaRationale ownTexts() {
    return (proposed.source() == Source.LLM
            ? IdeaRationale.read(proposed.rationale())
            : Optional.<IdeaRationale>empty())
        .orElseGet(() -> withNearest(proposed.claim(), proposed.rationale()));
  }

  private IdeaRationale plainTexts() {
    return withNearest(
        "Gains over the baseline.",
        "It was proposed from "
            + switch (proposed.source()) {
              case HISTORY -> "past runs.";
              case RESEARCH -> "published research.";
              default -> "what was known of the baseline.";
            });
  }

  private IdeaRationale withNearest(String claim, String mechanism) {
    Optional<PastOutcome> nearest = nearest();
    return new IdeaRationale(
        claim,
        mechanism,
        "No gain above the seed noise over the mean of the baseline",
        nearest.map(PastOutcome::id),
        nearest
            .map(run -> "It changes something else than: " + String.join(", ", run.changes()))
            .orElse(""));
  }

  /** Returns the earlier run with the fewest changes that the hypothesis lacks or has besides. */
  private Optional<PastOutcome> nearest() {
    Set<String> mine = changes.stream().map(Object::toString).collect(Collectors.toSet());
    return Stream.concat(context.evidence().wins().stream(), context.evidence().failures().stream())
        .filter(run -> !run.changes().isEmpty())
        .min(
            Comparator.comparingInt((PastOutcome run) -> distance(mine, run))
                .thenComparing(PastOutcome::id));
  }

  private static int distance(Set<String> mine, PastOutcome run) {
    Set<String> common = new HashSet<>(mine);
    common.retainAll(run.changes());
    return mine.size() + run.changes().size() - 2 * common.size();
  }

  private String json(IdeaRationale texts) {
    Map<String, Object> values = new TreeMap<>();
    changes.forEach(change -> values.put(change.parameter(), change.to()));
    Optional<String> nearest = texts.nearestRun().map(citations::label).filter(this::isRun);
    Idea.Claims claims = proposed.claims();
    return json(
        new IdeaReply(
            List.of(
                new ProposedIdea(
                    truncated(texts.claim()),
                    truncated(texts.mechanism()),
                    values,
                    sources(),
                    claims.gainP10(),
                    claims.gainP50(),
                    claims.gainP90(),
                    claims.pSuccess(),
                    claims.pCrash(),
                    claims.costGpuHours(),
                    truncated(texts.disconfirming()),
                    nearest.orElse(IdeaSchema.NONE),
                    nearest.isPresent()
                        ? truncated(texts.whyDifferent())
                        : "No earlier run is near."))));
  }

  private boolean isRun(String label) {
    return citations.runs().contains(label);
  }

  private List<String> sources() {
    return proposed.evidence().stream()
        .map(citations::label)
        .filter(Objects::nonNull)
        .distinct()
        .limit(IdeaSchema.MAX_SOURCES)
        .toList();
  }

  private static String truncated(String text) {
    String plain = TextGuard.plain(text);
    return plain.length() <= IdeaSchema.MAX_TEXT_LENGTH
        ? plain
        : plain.substring(0, IdeaSchema.MAX_TEXT_LENGTH);
  }

  private static String json(IdeaReply reply) {
    try {
      return JSON.writeValueAsString(reply);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A reply of records and texts is always JSON", e);
    }
  }
}
