package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.IdeaReader.Reading;
import dev.dormouse.hypothesize.IdeaRefusal.Kind;
import dev.dormouse.hypothesize.MinedEffects.Expected;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.llm.LlmReply;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.research.Embedder;
import dev.dormouse.research.Library;
import dev.dormouse.stats.Recalibration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Asks a language model for ideas, drops known and infeasible ones, has the others compared, and
 * makes hypotheses of them. The model's claims are stored to be scored later; the forecasts rest on
 * its track record and on past runs as well.
 */
public final class LlmIdeas {
  /** The number of ideas to ask for at a time. */
  public static final int IDEAS = 6;

  /** The term of a score that holds the outcome of comparisons. */
  public static final String PAIRWISE = "pairwise";

  /** Cosine similarity from which two ideas are taken for rewordings of each other. */
  private static final double SAME_MEANING = 0.92;

  /**
   * What is known of arms before a model is asked.
   *
   * @param tried arm to its run in this study
   * @param proposed arms that other sources propose
   * @param failureRate the failure rate of runs like an arm
   * @param expected the gain that past runs suggest for an arm; empty if they suggest none
   */
  public record KnownArms(
      Map<Arm, String> tried,
      Set<Arm> proposed,
      ToDoubleFunction<Arm> failureRate,
      Function<Arm, Optional<Expected>> expected) {
    public KnownArms {
      tried = Map.copyOf(tried);
      proposed = Set.copyOf(proposed);
    }

    public static final KnownArms NONE =
        new KnownArms(Map.of(), Set.of(), arm -> 0, arm -> Optional.empty());
  }

  /**
   * A model's proposals.
   *
   * @param hypotheses the accepted ones, not ranked yet
   * @param refusals the reasons why others were not accepted
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
  private final IdeaJudge judge;
  private final IdeaHypotheses hypotheses;
  private final KnownArms known;
  private final List<IdeaRefusal> refusals = new ArrayList<>();

  private LlmIdeas(
      IdeaContext context,
      KnownArms known,
      LlmBatches model,
      Optional<Embedder> embedder,
      Recalibration recalibration) {
    this.context = context;
    this.known = known;
    this.model = model;
    this.embedder = embedder;
    this.judge = new IdeaJudge(context, model);
    this.hypotheses = new IdeaHypotheses(context, known, recalibration);
  }

  /**
   * Asks a model for ideas. Never throws, whatever the model replies; every hypothesis lies in the
   * search space.
   *
   * @param recalibration learnt from the forecasts of language models so far
   */
  public static Proposed propose(
      IdeaContext context,
      KnownArms known,
      LlmBatches model,
      Optional<Embedder> embedder,
      Recalibration recalibration) {
    LlmIdeas ideas = new LlmIdeas(context, known, model, embedder, recalibration);
    List<Hypothesis> hypotheses = ideas.hypotheses(ideas.feasible(ideas.distinct(ideas.ask())));
    return new Proposed(hypotheses, ideas.refusals);
  }

  private void refuse(Kind kind, String detail) {
    refusals.add(new IdeaRefusal(kind, detail));
  }

  private List<Idea> ask() {
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

  /** Drops ideas whose arm is known or proposed already, then mere rewordings. */
  private List<Idea> distinct(List<Idea> ideas) {
    List<Idea> byArm = new ArrayList<>();
    Set<Arm> seen = new HashSet<>(known.proposed());
    for (Idea idea : ideas) {
      if (known.tried().containsKey(idea.arm())) {
        refuse(Kind.ALREADY_TRIED, "run " + known.tried().get(idea.arm()) + " tried it already");
      } else if (!seen.add(idea.arm())) {
        refuse(Kind.DUPLICATE, "proposed already: " + idea.changesText());
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
              .filter(other -> parameters(ideas.get(other)).equals(parameters(idea)))
              .filter(other -> Library.cosine(vectors.get(other), vector) >= SAME_MEANING)
              .findFirst();
      if (twin.isPresent()) {
        refuse(
            Kind.NEAR_DUPLICATE,
            idea.changesText() + " says what " + ideas.get(twin.get()).changesText() + " says");
      } else {
        kept.add(i);
      }
    }
    return kept.stream().map(ideas::get).toList();
  }

  private static List<String> parameters(Idea idea) {
    return idea.changes().stream().map(change -> change.parameter()).toList();
  }

  /** Drops ideas that past failures or the model's own critique speak against. */
  private List<Idea> feasible(List<Idea> ideas) {
    List<Idea> likely = new ArrayList<>();
    for (Idea idea : ideas) {
      double rate = known.failureRate().applyAsDouble(idea.arm());
      if (rate > Hypotheses.LIKELY_TO_FAIL) {
        refuse(
            Kind.INFEASIBLE,
            String.format(
                Locale.ROOT,
                "%s: such runs failed in %.0f%% of cases",
                idea.changesText(),
                100 * rate));
      } else {
        likely.add(idea);
      }
    }
    if (likely.isEmpty()) {
      return likely;
    }
    Set<Integer> rejected = judge.infeasible(likely);
    List<Idea> left = new ArrayList<>();
    for (int i = 0; i < likely.size(); i++) {
      if (rejected.contains(i)) {
        refuse(Kind.INFEASIBLE, likely.get(i).changesText() + ": the critique found it infeasible");
      } else {
        left.add(likely.get(i));
      }
    }
    return left;
  }

  private List<Hypothesis> hypotheses(List<Idea> ideas) {
    double[] winProbabilities = judge.winProbabilities(ideas);
    List<Hypothesis> all = new ArrayList<>();
    for (int i = 0; i < ideas.size(); i++) {
      all.add(hypotheses.of(ideas.get(i), winProbabilities[i]));
    }
    return all;
  }
}
