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

/**
 * When a run that still trains is not worth its cost any more: the median stopping rule (Golovin et
 * al., Google Vizier, 2017), with a margin of seed noise. A run is abandoned if at its newest step
 * it has never been as good as the median of this campaign's finished runs at that step. Pure.
 *
 * <p>Only searching runs are abandoned, and only by runs that were trained to their end: those of
 * the baseline and of confirmation say how good the arms are and must be whole.
 */
final class AbandonRule {
  /** With fewer curves to compare with nothing is abandoned. */
  static final int FEWEST_PEERS = 5;

  /** A run is not judged before it has come this far, as a share of the longest finished curve. */
  private static final double EARLIEST = 0.3;

  /** By how many standard deviations of seed noise it must stay behind. */
  private static final double MARGIN_SDS = 2;

  private AbandonRule() {}

  /** Why the run with this curve should stop; empty if it should not. */
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
            .sorted()
            .toArray();
    double median = (peers[(peers.length - 1) / 2] + peers[peers.length / 2]) / 2;
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

  /** The best oriented value up to a step. */
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
