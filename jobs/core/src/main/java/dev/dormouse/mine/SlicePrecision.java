package dev.dormouse.mine;

import dev.dormouse.stats.EffectObservation;
import dev.dormouse.stats.VariancePrior;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Estimates the variance with which slices measure their gains. The gains of a slice's pairs differ
 * by seed noise and because the parameter acts differently in different configurations; with few
 * pairs, this spread is moderated by that of other slices (Smyth 2004). If the configurations of
 * pairs come from different sweeps, the variance between sweeps is added; it does not average out.
 */
final class SlicePrecision {
  private final Noise noise;
  private final Map<String, VariancePrior> spread = new TreeMap<>();

  /**
   * Fits the spread of slices.
   *
   * @param facts facts of one kind: all steps, or all interactions
   */
  SlicePrecision(List<Fact> facts, Noise noise) {
    this.noise = noise;
    Map<String, List<Fact>> byMetric = new TreeMap<>();
    for (Fact fact : facts) {
      if (fact.number("n_pairs") > 1) {
        byMetric.computeIfAbsent(fact.metric(), any -> new ArrayList<>()).add(fact);
      }
    }
    byMetric.forEach(
        (metric, slices) ->
            spread.put(
                metric,
                VariancePrior.fit(
                    slices.stream().mapToDouble(this::relativeVariance).toArray(),
                    slices.stream().mapToDouble(slice -> slice.number("n_pairs") - 1).toArray(),
                    new VariancePrior(1, 1))));
  }

  /** Returns the variance of the slice's pairs divided by that of seed noise alone. */
  private double relativeVariance(Fact slice) {
    return slice.number("variance") / seedVariance(slice);
  }

  private double seedVariance(Fact slice) {
    return noise.seedVariance(slice.study(), slice.metric()) * slice.number("seed_share");
  }

  /** Returns the slices as observations; slices of one study are in one group. */
  List<EffectObservation> observations(List<Fact> slices) {
    Map<String, Integer> groups = new HashMap<>();
    return slices.stream()
        .map(
            slice ->
                new EffectObservation(
                    slice.number("gain"),
                    variance(slice),
                    groups.computeIfAbsent(slice.study(), any -> groups.size())))
        .toList();
  }

  private double variance(Fact slice) {
    double pairs = slice.number("n_pairs");
    VariancePrior prior = spread.getOrDefault(slice.metric(), new VariancePrior(1, 1));
    double ofPairs =
        seedVariance(slice) * prior.moderated(relativeVariance(slice), pairs - 1) / pairs;
    double crosses = slice.number("crosses");
    double ofSweeps = 2 * noise.sweepVariance(slice.study(), slice.metric()) * crosses * crosses;
    return ofPairs + ofSweeps;
  }
}
