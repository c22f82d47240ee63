package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.RunStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.commons.statistics.descriptive.Median;

/**
 * Decides whether a run is stopped early: the median stopping rule (Golovin et al., Google Vizier,
 * 2017), with a margin of seed noise. A run is abandoned if its best value up to its newest step is
 * worse than the median of this campaign's finished runs up to that step. Pure.
 *
 * <p>Only runs of search phases are abandoned, and they are compared only with runs that were
 * trained to their end. Runs of baseline and confirmation measure their arms and are always trained
 * to their end.
 */
final class AbandonRule {
  /** Least number of finished curves to compare with. */
  static final int FEWEST_PEERS = 5;

  /** Share of the longest finished curve after which a run is judged. */
  private static final double EARLIEST = 0.3;

  /** Least distance to the median, in standard deviations of seed noise. */
  private static final double MARGIN_SDS = 2;

  private AbandonRule() {}

  /** Returns the reason to stop the run with this curve; empty if it should continue. */
  static Optional<String> reason(
      CampaignState state, CampaignSpec spec, Attempt attempt, List<MetricPoint> curve) {
    OptionalLong step = newestStep(spec, curve);
    if (!attempt.trial().phase().isSearch() || step.isEmpty()) {
      return Optional.empty();
    }
    List<RunOutcome> finished = finished(state, spec, step.getAsLong());
    long longest =
        finished.stream()
            .mapToLong(outcome -> newestStep(spec, outcome.curve()).orElse(0))
            .max()
            .orElse(0);
    if (finished.size() < FEWEST_PEERS || step.getAsLong() < EARLIEST * longest) {
      return Optional.empty();
    }
    double behind = behind(spec, curve, step.getAsLong(), finished);
    if (behind <= MARGIN_SDS * Results.noiseSd(state, spec)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "at step %d its best %s is %.5f behind the median of %d finished runs",
            step.getAsLong(),
            spec.objective().metric(),
            behind,
            finished.size()));
  }

  /**
   * Returns what an abandoned run would probably have ended with: as far behind the median of the
   * finished runs as it was when it was stopped. Oriented so that higher is better; empty if its
   * curve or theirs cannot be compared.
   */
  static OptionalDouble expected(CampaignState state, CampaignSpec spec, Attempt attempt) {
    List<MetricPoint> curve = attempt.outcome().map(RunOutcome::curve).orElse(List.of());
    OptionalLong step = newestStep(spec, curve);
    List<RunOutcome> finished =
        step.isEmpty() ? List.of() : finished(state, spec, step.getAsLong());
    double[] ends =
        finished.stream()
            .flatMapToDouble(outcome -> best(spec, outcome.curve(), Long.MAX_VALUE).stream())
            .toArray();
    return ends.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            Median.withDefaults().evaluate(ends) - behind(spec, curve, step.getAsLong(), finished));
  }

  /**
   * Returns the outcomes of the runs that ended well and have values before and after this step.
   */
  private static List<RunOutcome> finished(CampaignState state, CampaignSpec spec, long step) {
    return state.attempts().values().stream()
        .flatMap(other -> other.outcome().stream())
        .filter(outcome -> outcome.status() == RunStatus.OK)
        .filter(outcome -> newestStep(spec, outcome.curve()).orElse(-1) >= step)
        .filter(outcome -> best(spec, outcome.curve(), step).isPresent())
        .toList();
  }

  /** Returns how far the best value of a curve lies behind the median of others at a step. */
  private static double behind(
      CampaignSpec spec, List<MetricPoint> curve, long step, List<RunOutcome> finished) {
    double[] peers =
        finished.stream()
            .mapToDouble(outcome -> best(spec, outcome.curve(), step).orElseThrow())
            .toArray();
    return Median.withDefaults().evaluate(peers) - best(spec, curve, step).orElseThrow();
  }

  private static OptionalLong newestStep(CampaignSpec spec, List<MetricPoint> curve) {
    return curve.stream()
        .filter(point -> isObjective(spec, point))
        .mapToLong(MetricPoint::step)
        .max();
  }

  /** Returns the best oriented value up to a step. */
  private static OptionalDouble best(CampaignSpec spec, List<MetricPoint> curve, long step) {
    return curve.stream()
        .filter(point -> isObjective(spec, point) && point.step() <= step)
        .mapToDouble(point -> spec.objective().gain(point.value(), 0))
        .max();
  }

  private static boolean isObjective(CampaignSpec spec, MetricPoint point) {
    return point.metric().equals(spec.objective().metric());
  }
}
