package dev.dormouse.hypothesize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.dormouse.hypothesize.IdeaReader.Reading;
import dev.dormouse.hypothesize.IdeaRefusal.Kind;
import dev.dormouse.hypothesize.MinedEffects.Expected;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Hypothesis.Forecast;
import dev.dormouse.model.Source;
import dev.dormouse.research.Embedder;
import dev.dormouse.research.Library;
import dev.dormouse.stats.BradleyTerry;
import dev.dormouse.stats.BradleyTerry.Duel;
import dev.dormouse.stats.Recalibration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Asks a language model for ideas, has them criticised and compared, and makes hypotheses of what
 * stands. What a model claims of its own ideas is kept to be scored later; what is expected of them
 * is what its record allows and past runs do not contradict.
 */
public final class LlmIdeas {
  /** How many ideas are asked for at a time. */
  public static final int IDEAS = 6;

  /** The name under which the outcome of comparisons is kept among the terms of a score. */
  public static final String PAIRWISE = "pairwise";

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Each idea is compared with so many of the next ones, in both positions. */
  private static final int OPPONENTS = 2;

  private static final double SAME_WORDS = 0.92;
  private static final double LIKELY_TO_FAIL = 0.5;

  /** In noise sds: no claim counts for more, so that a boast cannot bend a campaign's beliefs. */
  private static final double LARGEST_CLAIM = 3;

  /**
   * What is known about arms already.
   *
   * @param tried runs of this study by arm
   * @param proposed arms that other sources propose
   * @param failureRate how often runs like an arm failed
   * @param expected what past runs let us expect of an arm, if anything
   */
  public record Known(
      Map<Arm, String> tried,
      Set<Arm> proposed,
      ToDoubleFunction<Arm> failureRate,
      Function<Arm, Optional<Expected>> expected) {
    public Known {
      tried = Map.copyOf(tried);
      proposed = Set.copyOf(proposed);
    }

    /** Nothing. */
    public static final Known NOTHING =
        new Known(Map.of(), Set.of(), arm -> 0, arm -> Optional.empty());
  }

  /**
   * What came of asking.
   *
   * @param hypotheses not ranked yet
   * @param refusals of everything else
   */
  public record Proposed(List<Hypothesis> hypotheses, List<IdeaRefusal> refusals) {
    public Proposed {
      hypotheses = List.copyOf(hypotheses);
      refusals = List.copyOf(refusals);
    }
  }

  private final IdeaContext context;
  private final LlmBatches model;
  private final Optional<Embedder> embedder;
  private final Recalibration record;
  private final List<IdeaRefusal> refusals = new ArrayList<>();

  private LlmIdeas(
      IdeaContext context, LlmBatches model, Optional<Embedder> embedder, Recalibration record) {
    this.context = context;
    this.model = model;
    this.embedder = embedder;
    this.record = record;
  }

  /**
   * Asks. Whatever the model answers, nothing is thrown and every hypothesis lies in the search
   * space.
   *
   * @param record of the forecasts of language models so far
   */
  public static Proposed propose(
      IdeaContext context,
      Known known,
      LlmBatches model,
      Optional<Embedder> embedder,
      Recalibration record) {
    LlmIdeas asking = new LlmIdeas(context, model, embedder, record);
    List<Idea> ideas = asking.feasible(asking.distinct(asking.asked(), known), known);
    return new Proposed(asking.hypotheses(ideas, known), asking.refusals);
  }

  private void refuse(Kind kind, String detail) {
    refusals.add(new IdeaRefusal(kind, detail));
  }

  private List<Idea> asked() {
    LlmReply reply = model.ask(List.of(IdeaPrompt.ideas(context, IDEAS))).get(0);
    if (reply.json().isEmpty()) {
      // The detail may quote the model or its provider; 'dormouse llm status' shows it.
      refuse(Kind.NO_REPLY, "the model gave no ideas: " + reply.status().id());
      return List.of();
    }
    Reading reading = IdeaReader.read(context, reply.json().get(), IDEAS);
    refusals.addAll(reading.refusals());
    return reading.ideas();
  }

  /** Without arms that are known, by their canonical changes; then without mere rewordings. */
  private List<Idea> distinct(List<Idea> ideas, Known known) {
    List<Idea> byArm = new ArrayList<>();
    Set<Arm> seen = new HashSet<>(known.proposed());
    for (Idea idea : ideas) {
      if (known.tried().containsKey(idea.arm())) {
        refuse(Kind.TRIED, "run " + known.tried().get(idea.arm()) + " tried it already");
      } else if (!seen.add(idea.arm())) {
        refuse(Kind.DUPLICATE, "proposed already: " + what(idea));
      } else {
        byArm.add(idea);
      }
    }
    return embedder.map(e -> withoutRewordings(byArm, e)).orElse(byArm);
  }

  private List<Idea> withoutRewordings(List<Idea> ideas, Embedder words) {
    List<List<Float>> vectors = words.embed(ideas.stream().map(Idea::text).toList());
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < ideas.size(); i++) {
      Idea idea = ideas.get(i);
      List<Float> vector = vectors.get(i);
      Optional<Integer> twin =
          kept.stream()
              .filter(other -> touched(ideas.get(other)).equals(touched(idea)))
              .filter(other -> Library.cosine(vectors.get(other), vector) >= SAME_WORDS)
              .findFirst();
      if (twin.isPresent()) {
        refuse(
            Kind.NEAR_DUPLICATE,
            what(idea) + " says what " + what(ideas.get(twin.get())) + " says");
      } else {
        kept.add(i);
      }
    }
    return kept.stream().map(ideas::get).toList();
  }

  private static List<String> touched(Idea idea) {
    return idea.changes().stream().map(change -> change.parameter()).toList();
  }

  /** By what past failures say, then by the model's own critique, which can only take away. */
  private List<Idea> feasible(List<Idea> ideas, Known known) {
    List<Idea> likely = new ArrayList<>();
    for (Idea idea : ideas) {
      double rate = known.failureRate().applyAsDouble(idea.arm());
      if (rate > LIKELY_TO_FAIL) {
        refuse(
            Kind.INFEASIBLE,
            String.format(
                Locale.ROOT, "%s: such runs failed in %.0f%% of cases", what(idea), 100 * rate));
      } else {
        likely.add(idea);
      }
    }
    if (likely.isEmpty()) {
      return likely;
    }
    Set<Integer> rejected = rejected(likely);
    List<Idea> left = new ArrayList<>();
    for (int i = 0; i < likely.size(); i++) {
      if (rejected.contains(i)) {
        refuse(Kind.INFEASIBLE, what(likely.get(i)) + ": the critique found it infeasible");
      } else {
        left.add(likely.get(i));
      }
    }
    return left;
  }

  private Set<Integer> rejected(List<Idea> ideas) {
    Set<Integer> rejected = new HashSet<>();
    LlmReply reply = model.ask(List.of(IdeaPrompt.critique(context, ideas))).get(0);
    for (JsonNode verdict : tree(reply).path("verdicts")) {
      JsonNode number = verdict.path("number");
      JsonNode feasible = verdict.path("feasible");
      if (number.isInt() && feasible.isBoolean() && !feasible.asBoolean()) {
        rejected.add(number.asInt());
      }
    }
    return rejected;
  }

  /** Of each idea its chance against the field, from comparisons in both positions. */
  private double[] chances(List<Idea> ideas) {
    List<int[]> pairs = new ArrayList<>();
    List<LlmRequest> questions = new ArrayList<>();
    for (int i = 0; i < ideas.size(); i++) {
      for (int j = i + 1; j <= Math.min(i + OPPONENTS, ideas.size() - 1); j++) {
        pairs.add(new int[] {i, j});
        questions.add(IdeaPrompt.comparison(context, ideas.get(i), ideas.get(j)));
        questions.add(IdeaPrompt.comparison(context, ideas.get(j), ideas.get(i)));
      }
    }
    List<LlmReply> replies = questions.isEmpty() ? List.of() : model.ask(questions);
    List<Duel> duels = new ArrayList<>();
    for (int pair = 0; pair < pairs.size(); pair++) {
      Optional<Boolean> straight = firstIsLikelier(replies.get(2 * pair));
      Optional<Boolean> swapped = firstIsLikelier(replies.get(2 * pair + 1));
      if (straight.isPresent() && swapped.isPresent()) {
        // Who answers by position contradicts himself: undecided.
        double wins = (straight.get() ? 0.5 : 0) + (swapped.get() ? 0 : 0.5);
        duels.add(new Duel(pairs.get(pair)[0], pairs.get(pair)[1], wins));
      }
    }
    return BradleyTerry.chances(ideas.size(), duels);
  }

  private static Optional<Boolean> firstIsLikelier(LlmReply reply) {
    String likelier = tree(reply).path("likelier").asText("");
    return likelier.equals("first")
        ? Optional.of(true)
        : likelier.equals("second") ? Optional.of(false) : Optional.empty();
  }

  private static JsonNode tree(LlmReply reply) {
    return reply.json().flatMap(IdeaReader::tree).orElseGet(MissingNode::getInstance);
  }

  private List<Hypothesis> hypotheses(List<Idea> ideas, Known known) {
    double[] chances = chances(ideas);
    List<Hypothesis> hypotheses = new ArrayList<>();
    for (int i = 0; i < ideas.size(); i++) {
      hypotheses.add(hypothesis(ideas.get(i), chances[i], known));
    }
    return hypotheses;
  }

  /** The claim as far as it is credible, weighed against what past runs say of the same changes. */
  private Hypothesis hypothesis(Idea idea, double chance, Known known) {
    double noise = context.funds().noiseSd();
    double most = LARGEST_CLAIM * noise;
    Recalibration.Forecast credible =
        record.of(
            idea.gainP10(),
            Math.min(most, Math.max(-most, idea.gainP50())),
            idea.gainP90(),
            idea.pCrash(),
            noise);
    double doubt = Math.min(credible.sd(), 2 * most);
    Optional<Expected> mined = known.expected().apply(idea.arm());
    double trust = mined.map(past -> weight(past.sd(), doubt)).orElse(0.0);
    double gain = (1 - trust) * credible.gain() + trust * mined.map(Expected::gain).orElse(0.0);
    // The model was told of the same runs: two opinions are no surer than the surer one.
    double least = Math.min(doubt, mined.map(Expected::sd).orElse(doubt));
    double sd = Math.sqrt(least * least + 2 * noise * noise);
    return new Hypothesis(
        "h-" + idea.arm().configId(),
        Source.LLM,
        "Gains over the baseline: " + what(idea),
        rationale(idea),
        idea.arm(),
        idea.changes(),
        evidence(idea, mined),
        new Forecast(
            gain,
            sd,
            NORMAL.cumulativeProbability(gain / sd),
            Math.max(credible.pFailure(), known.failureRate().applyAsDouble(idea.arm())),
            context.funds().runMicros()),
        0,
        claims(idea, chance),
        Optional.empty());
  }

  /** What the first of two forecasts counts for, by their standard deviations. */
  private static double weight(double first, double second) {
    return second * second / (first * first + second * second);
  }

  private static List<String> evidence(Idea idea, Optional<Expected> mined) {
    Set<String> evidence = new LinkedHashSet<>(idea.sources());
    mined.ifPresent(past -> evidence.addAll(past.evidence()));
    return List.copyOf(evidence);
  }

  /** What the model claimed, word for word, to be scored when the outcome is known. */
  private static SortedMap<String, Double> claims(Idea idea, double chance) {
    TreeMap<String, Double> terms = new TreeMap<>();
    terms.put(PAIRWISE, chance);
    terms.put("claimed_gain_p10", idea.gainP10());
    terms.put("claimed_gain_p50", idea.gainP50());
    terms.put("claimed_gain_p90", idea.gainP90());
    terms.put("claimed_p_success", idea.pSuccess());
    terms.put("claimed_p_crash", idea.pCrash());
    terms.put("claimed_cost_gpu_hours", idea.costGpuHours());
    return terms;
  }

  private static String rationale(Idea idea) {
    return idea.claim()
        + " Why: "
        + idea.mechanism()
        + " It would be disproved by: "
        + idea.disconfirming()
        + idea.nearestRun()
            .map(run -> " Nearest known: " + run + ", but " + idea.whyDifferent())
            .orElse("");
  }

  private static String what(Idea idea) {
    return String.join(", ", idea.changes().stream().map(Object::toString).toList());
  }
}
