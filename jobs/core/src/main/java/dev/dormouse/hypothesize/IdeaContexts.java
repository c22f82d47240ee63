package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.IdeaContext.Belief;
import dev.dormouse.hypothesize.IdeaContext.Evidence;
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
import dev.dormouse.research.Document;
import dev.dormouse.research.Library.Found;
import dev.dormouse.search.Outlook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Selects the part of the planning context that a language model gets. */
public final class IdeaContexts {
  private static final int MOST_BELIEFS = 40;
  private static final int MOST_WINS = 8;
  private static final int MOST_FAILURES = 8;
  private static final Set<Insight.Kind> SHOWN =
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
   * Returns the context of a campaign.
   *
   * @param siblings the hypotheses of other sources
   * @param found cards and papers that match
   * @param spentMicros what the campaign has spent of its cap, micro-GPU-hours
   */
  public static IdeaContext of(
      PlanningContext planning, List<Hypothesis> siblings, List<Found> found, long spentMicros) {
    CampaignSpec spec = planning.spec();
    return new IdeaContext(
        spec.campaignId(),
        spec.objective(),
        spec.baseline(),
        spec.searchSpace(),
        new Evidence(
            beliefs(planning),
            wins(planning),
            failures(planning),
            found.stream().map(Found::document).map(IdeaContexts::knowledge).toList()),
        siblings.stream().map(IdeaContexts::changes).toList(),
        new Funds(
            planning.noiseSd(),
            planning.runCost().expectedMicros(),
            Math.max(0, spec.budget().gpuHoursMicros() - spentMicros),
            spec.trials(Phase.VALIDATION)));
  }

  /** Returns what is known of arms: runs of this study, hypotheses of other sources, failures. */
  public static LlmIdeas.KnownArms known(
      PlanningContext planning, List<Hypothesis> siblings, Outlook outlook) {
    MinedEffects effects =
        new MinedEffects(planning.insights(), planning.spec().baseline(), planning.noiseSd());
    return new LlmIdeas.KnownArms(
        planning.tried(),
        siblings.stream().map(Hypothesis::arm).collect(Collectors.toSet()),
        arm -> outlook.of(arm).pFailure(),
        arm -> expected(arm, outlook, planning.noiseSd(), effects));
  }

  /** Returns the outlook's forecast, if past runs bear on the arm, with the effects that agree. */
  private static Optional<MinedEffects.Expected> expected(
      Arm arm, Outlook outlook, double noiseSd, MinedEffects effects) {
    if (!outlook.hasHistory()) {
      return Optional.empty();
    }
    Hypothesis.Forecast forecast = outlook.of(arm);
    return Optional.of(
        new MinedEffects.Expected(
            forecast.gain(),
            // An idea's forecast adds the noise of comparing two runs itself.
            Math.sqrt(Math.max(0, forecast.gainSd() * forecast.gainSd() - 2 * noiseSd * noiseSd)),
            effects.of(arm).map(MinedEffects.Expected::evidence).orElse(List.of())));
  }

  private static Knowledge knowledge(Document document) {
    return new Knowledge(document.id(), document.title(), document.text());
  }

  private static List<Belief> beliefs(PlanningContext planning) {
    Set<String> parameters = planning.spec().searchSpace().dimensions().keySet();
    Predicate<Insight> touches =
        insight ->
            insight.kind() == Insight.Kind.MODEL_RANK
                || insight.parameters().stream()
                    .map(Conditions::parameter)
                    .anyMatch(parameters::contains);
    return planning.insights().stream()
        .filter(insight -> SHOWN.contains(insight.kind()))
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
        insight.step().from(),
        insight.step().to(),
        effect.map(Effect::mean).orElse(Double.NaN),
        effect.map(Effect::low).orElse(Double.NaN),
        effect.map(Effect::high).orElse(Double.NaN),
        effect.map(Effect::nPairs).orElse(0L),
        insight.statement());
  }

  /**
   * Returns the best runs of this study (as gains over its mean baseline), then the best of others.
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

  /** Returns the failed runs that differ least from the baseline. */
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
    Set<String> parameters = spec.searchSpace().dimensions().keySet();
    return new IdeaContext.PastOutcome(
        run.runId(),
        run.arm().changesFrom(spec.baseline()).stream()
            .filter(change -> !change.to().isEmpty())
            .filter(change -> parameters.contains(change.parameter()))
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
