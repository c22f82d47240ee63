package dev.dormouse.replay;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Normalised regret of a sequence of evaluations: {@code (best - incumbent) / (best - median)} of
 * the pool; 1 is as good as the median, 0 the best.
 */
final class Regret {
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

  /** Regret after each evaluation, for so many steps; the last one stays. */
  double[] curve(List<KnownResult> evaluated, int steps) {
    double[] incumbents = new double[steps];
    double incumbent = worst;
    for (int i = 0; i < steps; i++) {
      if (i < evaluated.size()) {
        incumbent = Math.max(incumbent, counted(evaluated.get(i).value()));
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
