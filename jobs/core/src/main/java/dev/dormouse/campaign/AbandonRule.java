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
    List<RunOutcome> finished =
        state.attempts().values().stream()
            .flatMap(other -> other.outcome().stream())
            .filter(outcome -> outcome.status() == RunStatus.OK)
            .filter(outcome -> newestStep(spec, outcome.curve()).orElse(-1) >= step.getAsLong())
            .toList();
    long longest =
        finished.stream()
            .mapToLong(outcome -> newestStep(spec, outcome.curve()).orElse(0))
            .max()
            .orElse(0);
    if (finished.size() < FEWEST_PEERS || step.getAsLong() < EARLIEST * longest) {
      return Optional.empty();
    }
    double[] peers =
        finished.stream()
            .mapToDouble(outcome -> best(spec, outcome.curve(), step.getAsLong()).orElseThrow())
            .toArray();
    double median = Median.withDefaults().evaluate(peers);
    double own = best(spec, curve, step.getAsLong()).orElseThrow();
    double behind = median - own;
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
            peers.length));
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
