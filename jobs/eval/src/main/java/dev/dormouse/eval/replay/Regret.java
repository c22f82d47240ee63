package dev.dormouse.eval.replay;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Normalised regret of a sequence of evaluations: {@code (best - incumbent) / (best - median)} of
 * the pool; 1 is as good as the median, 0 the best.
 */
final class Regret {
  private static final double ROUNDING = 1e-9;

  private final double best;
  private final double median;
  private final double worst;

  Regret(List<KnownResult> pool) {
    double[] known =
        pool.stream().flatMapToDouble(result -> result.value().stream()).sorted().toArray();
    if (known.length == 0) {
      throw new IllegalArgumentException(
          "Cannot replay task " + pool.get(0).taskId() + ": none of its pool has a result");
    }
    this.best = known[known.length - 1];
    this.worst = known[0];
    double[] all = pool.stream().mapToDouble(r -> r.value().orElse(worst)).sorted().toArray();
    this.median = (all[(all.length - 1) / 2] + all[all.length / 2]) / 2;
  }

  /** The value that counts: a missing one is the worst of the pool. */
  double counted(OptionalDouble value) {
    return value.orElse(worst);
  }

  /**
   * What was learnt at what cost.
   *
   * @param value the result; empty if there was none
   * @param cost in whole runs: 1, or less of one that was stopped
   */
  record Evaluation(OptionalDouble value, double cost) {}

  /** Regret of evaluating so many arms in this order, each to its end. */
  double[] ofOrder(List<KnownResult> evaluated, int steps) {
    return curve(
        evaluated.stream().map(result -> new Evaluation(result.value(), 1)).toList(), steps);
  }

  /** Regret when the cost of one, two ... whole runs has been spent; the last one stays. */
  double[] curve(List<Evaluation> evaluations, int steps) {
    double[] incumbents = new double[steps];
    double incumbent = worst;
    double spent = 0;
    int next = 0;
    for (int i = 0; i < steps; i++) {
      while (next < evaluations.size()
          && spent + evaluations.get(next).cost() <= i + 1 + ROUNDING) {
        incumbent = Math.max(incumbent, counted(evaluations.get(next).value()));
        spent += evaluations.get(next).cost();
        next++;
      }
      incumbents[i] = incumbent;
    }
    double span = best - median;
    return Arrays.stream(incumbents).map(v -> span > 0 ? (best - v) / span : 0).toArray();
  }

  /** The mean of curves, step by step. */
  static double[] mean(List<double[]> curves) {
    int steps = curves.isEmpty() ? 0 : curves.get(0).length;
    return IntStream.range(0, steps)
        .mapToDouble(i -> curves.stream().mapToDouble(curve -> curve[i]).average().orElse(0))
        .toArray();
  }
}
