package dev.dormouse.plan;

import dev.dormouse.model.CampaignSpec.Training;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.stats.OrderStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Estimates the cost of one training run, with an 80% interval. */
final class CostBasis {
  private static final int ENOUGH_RUNS = 3;

  /** The 80% interval around one preflight run: costs of arms of one space differ so much. */
  private static final double CHEAPEST = 0.4;

  private static final double DEAREST = 3;

  private static final String PREFLIGHT = "preflight run of the baseline";
  private static final String UNKNOWN = "half of the timeout: nothing was measured yet";

  private CostBasis() {}

  /**
   * Estimates from the runs of the study if at least 3 have a known cost, else from the preflight
   * run, else from the timeout.
   */
  static CostEstimate of(Training training, List<Run> studyRuns, Optional<Duration> preflight) {
    double[] hours =
        studyRuns.stream().flatMapToDouble(run -> run.costGpuHours().stream()).toArray();
    if (hours.length >= ENOUGH_RUNS) {
      return ofRuns(hours);
    }
    long worst = training.worstCaseMicros();
    return preflight
        .map(runTime -> ofPreflight(GpuHours.micros(runTime, training.gpus()), worst))
        .orElseGet(() -> new CostEstimate(worst / 20, worst / 2, worst, UNKNOWN));
  }

  /**
   * Estimates again for a plan that replaces another one, which may rest on a preflight run that
   * nobody repeats.
   */
  static CostEstimate again(Training training, List<Run> studyRuns, Plan old) {
    CostEstimate estimate = of(training, studyRuns, Optional.empty());
    int runs = old.phases().stream().mapToInt(Plan.PhasePlan::trials).sum();
    boolean keep = estimate.basis().equals(UNKNOWN) && old.cost().basis().equals(PREFLIGHT);
    return keep && runs > 0
        ? new CostEstimate(
            old.cost().lowMicros() / runs,
            old.cost().expectedMicros() / runs,
            old.cost().highMicros() / runs,
            PREFLIGHT)
        : estimate;
  }

  private static CostEstimate ofRuns(double[] hours) {
    return new CostEstimate(
        GpuHours.micros(OrderStatistics.nearest(hours, 0.1)),
        GpuHours.micros(OrderStatistics.nearest(hours, 0.5)),
        GpuHours.micros(OrderStatistics.nearest(hours, 0.9)),
        hours.length + " runs of this study");
  }

  private static CostEstimate ofPreflight(long micros, long worst) {
    long once = Math.min(worst, micros);
    return new CostEstimate(
        (long) (CHEAPEST * once), once, Math.min(worst, (long) (DEAREST * once)), PREFLIGHT);
  }
}
