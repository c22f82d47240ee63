package dev.dormouse.plan;

import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan.CostEstimate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the runs of a plan are expected to cost: those of validation what their hypotheses cost by
 * the mined cost effects, all others as much as the study's usual run.
 *
 * @param usual cost of one run of the study
 * @param ranked the hypotheses that validation may try, best first
 */
record RunCosts(CostEstimate usual, List<Hypothesis> ranked) {
  /** Returns the expected cost of the n-th run of a phase, counted from 0, in micro-GPU-hours. */
  long expectedMicros(Phase phase, int n) {
    return phase == Phase.VALIDATION && n < ranked.size()
        ? ranked.get(n).forecast().costMicros()
        : usual.expectedMicros();
  }

  /** Returns the cost of the first runs of a phase; its interval is as wide as the usual run's. */
  CostEstimate of(Phase phase, int runs) {
    CostEstimate asUsual = usual.times(runs);
    long expected = IntStream.range(0, runs).mapToLong(n -> expectedMicros(phase, n)).sum();
    if (asUsual.expectedMicros() == 0) {
      return asUsual;
    }
    double ratio = (double) expected / asUsual.expectedMicros();
    return new CostEstimate(
        Math.min(expected, Math.round(ratio * asUsual.lowMicros())),
        expected,
        Math.max(expected, Math.round(ratio * asUsual.highMicros())),
        usual.basis());
  }
}
