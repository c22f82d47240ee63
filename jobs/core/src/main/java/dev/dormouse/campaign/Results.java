package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Thresholds;
import dev.dormouse.search.EvaluatedTrial;
import dev.dormouse.stats.Samples;
import dev.dormouse.stats.Shrinkage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** Evaluates a campaign's finished trials, with values oriented so that higher is better. Pure. */
public final class Results {
  /** The least noise assumed, relative to the size of the metric. */
  private static final double SMALLEST_RELATIVE_NOISE = 1e-4;

  private Results() {}

  /** Returns the objective's metric of an attempt, oriented; empty unless it ended well. */
  public static OptionalDouble value(CampaignSpec spec, Attempt attempt) {
    return metric(spec, attempt, spec.objective().metric());
  }

  static OptionalDouble metric(CampaignSpec spec, Attempt attempt, String metric) {
    return attempt
        .outcome()
        .filter(
            outcome -> outcome.status() == RunStatus.OK && outcome.metrics().containsKey(metric))
        .map(
            outcome -> OptionalDouble.of(oriented(spec.objective(), outcome.metrics().get(metric))))
        .orElse(OptionalDouble.empty());
  }

  private static double oriented(Objective objective, double value) {
    return objective.gain(value, 0);
  }

  /** Returns the oriented values of the baseline in its own phase. */
  public static double[] baselineValues(CampaignState state, CampaignSpec spec) {
    return state.of(Phase.BASELINE).stream()
        .map(attempt -> value(spec, attempt))
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .toArray();
  }

  /**
   * Returns the seed noise of the objective's metric: the baseline's standard deviation over seeds,
   * since version 4 of the rules pooled with the noise of past studies, and never below a small
   * share of the baseline's mean. Without either it is the smallest gain worth having.
   */
  public static double noiseSd(CampaignState state, CampaignSpec spec) {
    double[] baseline = baselineValues(state, spec);
    double floor =
        SMALLEST_RELATIVE_NOISE
            * Math.max(1e-6, Math.abs(baseline.length > 0 ? Samples.mean(baseline) : 1));
    Optional<Plan.Basis> basis = basis(state);
    double sd =
        basis.isPresent()
            ? pooledSd(baseline, basis.get().noiseSd())
            : baseline.length > 1
                ? Math.sqrt(Samples.variance(baseline))
                : spec.trials(Phase.BASELINE) == 0 ? spec.objective().minGain() : 0;
    return Math.max(floor, sd);
  }

  /** Returns the noise of few values, pooled with what past studies let expect. */
  private static double pooledSd(double[] values, double expected) {
    return values.length < 2
        ? Samples.pooledSd(0, 0, expected)
        : Samples.pooledSd(Samples.variance(values), values.length - 1, expected);
  }

  /**
   * Returns the finished trials of baseline and search phases, in order of intent, each once. Runs
   * that failed because of the machine are left out, since they do not measure their arm.
   */
  public static List<EvaluatedTrial> tried(CampaignState state, CampaignSpec spec) {
    Map<String, EvaluatedTrial> byTrial = new LinkedHashMap<>();
    for (Attempt attempt : state.attempts().values()) {
      TrialSpec trial = attempt.trial();
      Optional<RunStatus> status = attempt.outcome().map(RunOutcome::status);
      if (status.isPresent()
          && status.get() != RunStatus.INFRA
          && trial.phase() != Phase.CONFIRMATION) {
        byTrial.put(
            trial.trialId(),
            new EvaluatedTrial(
                trial.arm(),
                trial.phase(),
                value(spec, attempt),
                state.rules() >= Decider.PLAN_BASIS && status.get() == RunStatus.ABANDONED
                    ? AbandonRule.expected(state, spec, attempt)
                    : OptionalDouble.empty()));
      }
    }
    return List.copyOf(byTrial.values());
  }

  /** Returns the config ids of requested arms without a result: open, to repeat, or given up. */
  static Set<String> withoutResult(CampaignState state, CampaignSpec spec) {
    Set<String> configIds = new LinkedHashSet<>();
    state.attempts().values().stream()
        .filter(attempt -> attempt.trial().phase() != Phase.CONFIRMATION)
        .forEach(attempt -> configIds.add(attempt.trial().arm().configId()));
    tried(state, spec).forEach(tried -> configIds.remove(tried.arm().configId()));
    return configIds;
  }

  /**
   * An arm that looks better than the baseline.
   *
   * @param arm the arm
   * @param gain its mean gain over the baseline's mean, metric units
   * @param shrunkGain the gain corrected for selection among several arms, see {@link
   *     Shrinkage#effect}; since version 4 of the rules around what was forecast
   * @param seeds number of the campaign's runs that it rests on
   */
  public record Candidate(Arm arm, double gain, double shrunkGain, int seeds) {}

  /**
   * Returns arms with their gains over the baseline, the most promising first; empty without a
   * baseline. The arms that the study knew to be better are among them.
   */
  public static List<Candidate> candidates(CampaignState state, CampaignSpec spec) {
    double[] baseline = baselineValues(state, spec);
    if (baseline.length == 0) {
      return List.of();
    }
    double reference = Samples.mean(baseline);
    Map<Arm, List<Double>> gains = new LinkedHashMap<>();
    for (EvaluatedTrial tried : tried(state, spec)) {
      if (tried.value().isPresent() && !tried.arm().equals(spec.baseline())) {
        gains
            .computeIfAbsent(tried.arm(), arm -> new ArrayList<>())
            .add(tried.value().getAsDouble() - reference);
      }
    }
    double noise = noiseSd(state, spec);
    double spread = spread(gains.values(), noise);
    Map<Arm, Double> forecasts =
        state.rules() < Decider.PLAN_BASIS ? Map.of() : ForecastTrust.trusted(state, gains);
    double spreadAroundForecasts = spread(residuals(gains, forecasts), noise);
    List<Candidate> known =
        knownBefore(state).stream()
            .filter(before -> !gains.containsKey(before.arm()))
            .map(Results::candidate)
            .toList();
    Stream<Candidate> tried =
        gains.entrySet().stream()
            .map(
                entry -> {
                  double gain =
                      entry.getValue().stream()
                          .mapToDouble(Double::doubleValue)
                          .average()
                          .orElseThrow();
                  int seeds = entry.getValue().size();
                  double variance = noise * noise * (1.0 / seeds + 1.0 / baseline.length);
                  Double forecast = forecasts.get(entry.getKey());
                  double shrunk =
                      forecast == null
                          ? Shrinkage.effect(gain, variance, spread)
                          : forecast
                              + Shrinkage.effect(gain - forecast, variance, spreadAroundForecasts);
                  return new Candidate(entry.getKey(), gain, shrunk, seeds);
                });
    return Stream.concat(tried, known.stream())
        .sorted(
            Comparator.comparingDouble((Candidate c) -> -c.shrunkGain())
                .thenComparing(candidate -> candidate.arm().configId()))
        .toList();
  }

  /** Returns by how much the gains of arms that have a forecast differ from it. */
  private static List<List<Double>> residuals(
      Map<Arm, List<Double>> gains, Map<Arm, Double> forecasts) {
    List<List<Double>> residuals = new ArrayList<>();
    forecasts.forEach(
        (arm, forecast) ->
            residuals.add(gains.get(arm).stream().map(gain -> gain - forecast).toList()));
    return residuals;
  }

  /** Its gain was corrected for selection when the plan was made. */
  private static Candidate candidate(Hypothesis knownBefore) {
    double gain = knownBefore.forecast().gain();
    return new Candidate(knownBefore.arm(), gain, gain, 0);
  }

  /** Returns what the plan rests on; older rules do not use it. */
  private static Optional<Plan.Basis> basis(CampaignState state) {
    return state.rules() < Decider.PLAN_BASIS
        ? Optional.empty()
        : state.plan().flatMap(Plan::basis);
  }

  /** Returns the arms that earlier runs of the study found better than the baseline. */
  static List<Hypothesis> knownBefore(CampaignState state) {
    return basis(state).map(Plan.Basis::better).orElse(List.of());
  }

  /** Returns the mean square of the gains beyond noise: the variance of true gains around zero. */
  private static double spread(Collection<List<Double>> gains, double noise) {
    double square =
        gains.stream().flatMap(List::stream).mapToDouble(g -> g * g).average().orElse(0);
    return Math.max(noise * noise / 4, square - noise * noise);
  }

  /**
   * Returns the arm to confirm: the most promising one, if its corrected gain is more than half the
   * seed noise. Confirming a smaller gain would cost a dozen runs and sometimes succeed by chance.
   */
  public static Optional<Candidate> winner(CampaignState state, CampaignSpec spec) {
    double least = state.rules() < 3 ? 0 : Thresholds.PROMISING * noiseSd(state, spec);
    return candidates(state, spec).stream()
        .filter(candidate -> candidate.shrunkGain() > least)
        .findFirst();
  }
}
