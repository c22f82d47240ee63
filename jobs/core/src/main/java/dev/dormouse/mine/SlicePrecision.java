package dev.dormouse.mine;

import dev.dormouse.stats.EffectObservation;
import dev.dormouse.stats.VariancePrior;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How precisely slices measure their gains. The gains of a slice's pairs differ by seed noise and
 * because the parameter acts differently in different configurations; with few pairs, the slice's
 * own spread is moderated by how much that is in slices in general (Smyth 2004). Where the two
 * configurations of pairs come from different sweeps, the sweeps' difference comes on top and does
 * not average out.
 */
final class SlicePrecision {
  private final Noise noise;
  private final Map<String, VariancePrior> spread = new TreeMap<>();

  /** For slices that are alike: all steps, or all interactions. */
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
                    slices.stream().mapToDouble(this::ratio).toArray(),
                    slices.stream().mapToDouble(slice -> slice.number("n_pairs") - 1).toArray(),
                    new VariancePrior(1, 1))));
  }

  /** Variance of the slice's pairs, in units of what seed noise alone makes. */
  private double ratio(Fact slice) {
    return slice.number("variance") / seedVariance(slice);
  }

  private double seedVariance(Fact slice) {
    return noise.seedVariance(slice.study(), slice.metric()) * slice.number("seed_share");
  }

  /** The slices as observations, slices of one study in one group. */
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
    double ofPairs = seedVariance(slice) * prior.moderated(ratio(slice), pairs - 1) / pairs;
    double crosses = slice.number("crosses");
    double ofSweeps = 2 * noise.sweepVariance(slice.study(), slice.metric()) * crosses * crosses;
    return ofPairs + ofSweeps;
  }
}
