package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.IdeaContext.Belief;
import dev.dormouse.hypothesize.IdeaContext.Funds;
import dev.dormouse.hypothesize.IdeaContext.Knowledge;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.research.Library.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Picks from all that the planner knows what a language model should be told. */
public final class IdeaContexts {
  private static final int MOST_BELIEFS = 40;
  private static final int MOST_WINS = 8;
  private static final int MOST_FAILURES = 8;
  private static final Set<Insight.Kind> TOLD =
      Set.of(
          Insight.Kind.EFFECT,
          Insight.Kind.CONDITION,
          Insight.Kind.INTERACTION,
          Insight.Kind.FAILURE,
          Insight.Kind.MODEL_RANK,
          Insight.Kind.SATURATION,
          Insight.Kind.TRAP);

  private IdeaContexts() {}

  /**
   * What to tell for a campaign.
   *
   * @param siblings what other sources propose
   * @param found research that fits
   * @param spentMicros what the campaign has spent of its cap already
   */
  public static IdeaContext of(
      PlanningContext planning, List<Hypothesis> siblings, List<Found> found, long spentMicros) {
    CampaignSpec spec = planning.spec();
    return new IdeaContext(
        spec.campaignId(),
        spec.objective(),
        spec.baseline(),
        spec.searchSpace(),
        beliefs(planning),
        wins(planning),
        failures(planning),
        siblings.stream().map(IdeaContexts::changes).toList(),
        found.stream()
            .map(f -> new Knowledge(f.document().id(), f.document().title(), f.document().text()))
            .toList(),
        new Funds(
            planning.noiseSd(),
            planning.runCost().expectedMicros(),
            Math.max(0, spec.budget().gpuHoursMicros() - spentMicros),
            spec.trials(Phase.VALIDATION)));
  }

  /** What is known of arms: runs of this study, other sources' ideas, failures seen. */
  public static LlmIdeas.Known known(PlanningContext planning, List<Hypothesis> siblings) {
    Map<Arm, String> tried = new HashMap<>();
    planning.studyRuns().stream()
        .filter(run -> run.status() == RunStatus.OK)
        .forEach(run -> tried.putIfAbsent(run.arm(), run.runId()));
    Drafts drafts = new Drafts(planning);
    return new LlmIdeas.Known(
        tried,
        siblings.stream().map(Hypothesis::arm).collect(Collectors.toSet()),
        drafts::failureRate,
        new MinedEffects(planning.insights(), planning.spec().baseline(), planning.noiseSd())::of);
  }

  private static List<Belief> beliefs(PlanningContext planning) {
    Set<String> mine = planning.spec().searchSpace().parameters().keySet();
    Predicate<Insight> touches =
        insight ->
            insight.kind() == Insight.Kind.MODEL_RANK
                || insight.parameters().stream()
                    .map(Conditions::parameter)
                    .anyMatch(mine::contains);
    return planning.insights().stream()
        .filter(insight -> TOLD.contains(insight.kind()))
        .filter(touches)
        .limit(MOST_BELIEFS)
        .map(IdeaContexts::belief)
        .toList();
  }

  private static Belief belief(Insight insight) {
    Optional<Effect> effect = insight.effect();
    return new Belief(
        insight.insightId(),
        insight.parameters().stream()
            .map(Conditions::parameter)
            .collect(Collectors.joining(Belief.AND)),
        insight.from(),
        insight.to(),
        effect.map(Effect::mean).orElse(Double.NaN),
        effect.map(Effect::low).orElse(Double.NaN),
        effect.map(Effect::high).orElse(Double.NaN),
        effect.map(Effect::nPairs).orElse(0L),
        insight.statement());
  }

  /**
   * The best runs of this study against the mean of its baseline, then the best of other studies.
   */
  private static List<IdeaContext.PastOutcome> wins(PlanningContext planning) {
    CampaignSpec spec = planning.spec();
    Objective objective = spec.objective();
    OptionalDouble baseline =
        planning.studyRuns().stream()
            .filter(run -> run.arm().equals(spec.baseline()))
            .flatMap(run -> value(run, objective).stream())
            .mapToDouble(v -> v)
            .average();
    double from = baseline.orElse(0);
    Stream<Run> best =
        planning.studyRuns().stream()
            .filter(run -> run.status() == RunStatus.OK && value(run, objective).isPresent())
            .sorted(
                Comparator.comparingDouble(
                    (Run run) -> -objective.gain(value(run, objective).orElseThrow(), from)));
    return Stream.concat(best.limit(MOST_WINS), planning.recipes().stream())
        .limit(MOST_WINS)
        .map(run -> outcome(run, spec, result(run, spec, baseline)))
        .toList();
  }

  private static String result(Run run, CampaignSpec spec, OptionalDouble baseline) {
    double value = value(run, spec.objective()).orElse(Double.NaN);
    return run.study().equals(spec.study()) && baseline.isPresent()
        ? String.format(
            Locale.ROOT, "gain %+.5f", spec.objective().gain(value, baseline.getAsDouble()))
        : String.format(Locale.ROOT, "the best of study %s with %.5f", run.study().id(), value);
  }

  /** Those that differ least from the baseline. */
  private static List<IdeaContext.PastOutcome> failures(PlanningContext planning) {
    Arm baseline = planning.spec().baseline();
    List<Run> failed = new ArrayList<>(planning.studyRuns());
    failed.removeIf(run -> run.status() == RunStatus.OK || run.status() == RunStatus.NO_RESULT);
    failed.sort(
        Comparator.comparingInt((Run run) -> run.arm().changesFrom(baseline).size())
            .thenComparing(Run::runId));
    return failed.stream()
        .limit(MOST_FAILURES)
        .map(run -> outcome(run, planning.spec(), run.status().id()))
        .toList();
  }

  private static IdeaContext.PastOutcome outcome(Run run, CampaignSpec spec, String result) {
    return new IdeaContext.PastOutcome(
        run.runId(),
        run.arm().changesFrom(spec.baseline()).stream()
            .filter(change -> !change.to().isEmpty())
            .filter(change -> spec.searchSpace().parameter(change.parameter()).isPresent())
            .map(Object::toString)
            .toList(),
        result);
  }

  private static Optional<Double> value(Run run, Objective objective) {
    return Optional.ofNullable(run.metrics().get(objective.metric()));
  }

  private static String changes(Hypothesis hypothesis) {
    return String.join(", ", hypothesis.changes().stream().map(Object::toString).toList());
  }
}
