package dev.dormouse.eval.replay;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;

/**
 * Computes the normalised regret of a sequence of evaluations: {@code (best - incumbent) / (best -
 * median)} of the pool; 1 is as good as the median, 0 the best.
 */
final class Regret {
  private static final double ROUNDING = 1e-9;

  private final double best;
  private final double median;
  private final double worst;

  Regret(List<KnownResult> pool) {
    DoubleSummaryStatistics known =
        pool.stream().flatMapToDouble(result -> result.value().stream()).summaryStatistics();
    if (known.getCount() == 0) {
      throw new IllegalArgumentException(
          "Cannot replay task " + pool.get(0).taskId() + ": none of its pool has a result");
    }
    this.best = known.getMax();
    this.worst = known.getMin();
    this.median =
        Median.withDefaults()
            .evaluate(pool.stream().mapToDouble(r -> valueOrWorst(r.value())).toArray());
  }

  /** Returns the value; the worst of the pool if it is missing. */
  double valueOrWorst(OptionalDouble value) {
    return value.orElse(worst);
  }

  /**
   * The result and the cost of one evaluation.
   *
   * @param value the result; empty if there was none
   * @param cost in whole runs: 1, or less of one that was stopped
   */
  record Evaluation(OptionalDouble value, double cost) {}

  /** Returns the regret of evaluating arms in this order, each to its end. */
  double[] ofOrder(List<KnownResult> evaluated, int steps) {
    return curve(
        evaluated.stream().map(result -> new Evaluation(result.value(), 1)).toList(), steps);
  }

  /** Returns the regret after the cost of 1, 2 ... whole runs; the last incumbent stays. */
  double[] curve(List<Evaluation> evaluations, int steps) {
    double[] incumbents = new double[steps];
    double incumbent = worst;
    double spent = 0;
    int next = 0;
    for (int i = 0; i < steps; i++) {
      while (next < evaluations.size()
          && spent + evaluations.get(next).cost() <= i + 1 + ROUNDING) {
        incumbent = Math.max(incumbent, valueOrWorst(evaluations.get(next).value()));
        spent += evaluations.get(next).cost();
        next++;
      }
      incumbents[i] = incumbent;
    }
    double span = best - median;
    return Arrays.stream(incumbents).map(v -> span > 0 ? (best - v) / span : 0).toArray();
  }

  /** Returns the mean of curves, step by step. */
  static double[] mean(List<double[]> curves) {
    int steps = curves.isEmpty() ? 0 : curves.get(0).length;
    return IntStream.range(0, steps)
        .mapToDouble(i -> curves.stream().mapToDouble(curve -> curve[i]).average().orElse(0))
        .toArray();
  }
}
