package dev.dormouse.plan;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one run is expected to cost, and how that is known. */
final class CostBasis {
  private static final int ENOUGH_RUNS = 3;

  /** An 80% interval around one preflight run: arms of one space differ by about these factors. */
  private static final double CHEAPEST = 0.4;

  private static final double DEAREST = 3;

  private CostBasis() {}

  /** From runs of the study, else from the preflight run, else from the timeout. */
  static CostEstimate of(CampaignSpec spec, List<Run> studyRuns, Optional<Duration> preflight) {
    double[] hours =
        studyRuns.stream().flatMapToDouble(run -> run.costGpuHours().stream()).sorted().toArray();
    if (hours.length >= ENOUGH_RUNS) {
      return new CostEstimate(
          GpuHours.micros(quantile(hours, 0.1)),
          GpuHours.micros(quantile(hours, 0.5)),
          GpuHours.micros(quantile(hours, 0.9)),
          hours.length + " runs of this study");
    }
    long worst = spec.training().worstCaseMicros();
    if (preflight.isPresent()) {
      long once = Math.min(worst, GpuHours.micros(preflight.get(), spec.training().gpus()));
      return new CostEstimate(
          (long) (CHEAPEST * once),
          once,
          Math.min(worst, (long) (DEAREST * once)),
          "preflight run of the baseline");
    }
    return new CostEstimate(
        worst / 20, worst / 2, worst, "half of the timeout: nothing was measured yet");
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
