package dev.dormouse.mine;

import dev.dormouse.model.Insight.Effect;
import dev.dormouse.stats.EffectLikelihood;
import dev.dormouse.stats.EffectObservation;
import dev.dormouse.stats.EffectPrior;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.FalseDiscovery;
import dev.dormouse.stats.Heterogeneity;
import dev.dormouse.stats.PooledEffect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;

/** Pools slices over studies, and tests all effects of one sort together. Pure. */
final class Pooling {
  /** Results with a smaller false discovery rate are reported. */
  static final double REPORTED_AT = 0.1;

  /** Smallest scale of effects that is distinguished from no effect, in typical standard errors. */
  private static final double FINEST = 0.25;

  private Pooling() {}

  /**
   * An effect to be tested: the mean over slices, or the slope of slices over a covariate.
   *
   * @param slices facts with a gain, all of the same step
   * @param observations one for each slice
   * @param condition the name of the covariate; empty to test the mean
   * @param covariate one number for each slice; empty to test the mean
   */
  record TestedEffect(
      List<Fact> slices,
      List<EffectObservation> observations,
      String condition,
      List<Double> covariate) {
    /** Creates a test of the mean. */
    TestedEffect(List<Fact> slices, List<EffectObservation> observations) {
      this(slices, observations, "", List.of());
    }

    String metric() {
      return slices.get(0).metric();
    }

    /**
     * Returns the observations for each doubling of the parameter: only these are comparable
     * between steps. (In the published history effects are about proportional to the number of
     * doublings.)
     */
    List<EffectObservation> perDoubling() {
      double doublings = doublings();
      return observations.stream()
          .map(
              o ->
                  new EffectObservation(
                      o.effect() / doublings, o.variance() / (doublings * doublings), o.group()))
          .toList();
    }

    double doublings() {
      return slices.get(0).step().doublings();
    }

    EffectLikelihood likelihood(List<Heterogeneity> grid) {
      return covariate.isEmpty()
          ? EffectLikelihood.ofMean(perDoubling(), grid)
          : EffectLikelihood.ofSlope(
              perDoubling(), covariate.stream().mapToDouble(Double::doubleValue).toArray(), grid);
    }

    long pairs() {
      return slices.stream().mapToLong(slice -> slice.count("n_pairs")).sum();
    }

    long studies() {
      return slices.stream().map(Fact::study).distinct().count();
    }

    double sharePositive() {
      return slices.stream().mapToDouble(slice -> slice.number("n_up")).sum() / pairs();
    }
  }

  /**
   * The result of a test.
   *
   * @param tested the effect that was tested
   * @param effect its estimate
   * @param qValue false discovery rate at which it would be reported among all tested together
   */
  record TestResult(TestedEffect tested, PooledEffect effect, double qValue) {
    boolean isReported() {
      return qValue < REPORTED_AT;
    }

    /** Returns the estimate, corrected for selection if the result is reported. */
    Estimate estimate() {
      return isReported() ? effect.shrunk() : effect.plain();
    }

    Effect numbers() {
      Estimate estimate = estimate();
      return Effect.of(estimate.mean(), estimate.low(), estimate.high())
          .plain(effect.plain().mean())
          .expected(effect.shrunk().mean())
          .predictionLow(OptionalDouble.of(effect.newLow()))
          .predictionHigh(OptionalDouble.of(effect.newHigh()))
          .pGain(effect.pPositive())
          .qValue(OptionalDouble.of(qValue))
          .nPairs(tested.pairs())
          .nSlices(tested.slices().size())
          .nStudies(tested.studies())
          .sharePositive(tested.sharePositive())
          .build();
    }
  }

  /** Tests effects together; returns all results, in the order of the tests. */
  static List<TestResult> results(List<TestedEffect> tests) {
    return results(tests, 1);
  }

  /** Tests effects together; returns the results that are reported, in the order of the tests. */
  static List<TestResult> reported(List<TestedEffect> tests) {
    return results(tests, REPORTED_AT);
  }

  /** The likelihood of an effect, with the prior of all effects on the same metric. */
  private record Fitted(EffectPrior prior, EffectLikelihood likelihood) {}

  private static List<TestResult> results(List<TestedEffect> tests, double reportedAt) {
    Map<String, List<Integer>> byMetric = new TreeMap<>();
    for (int i = 0; i < tests.size(); i++) {
      byMetric.computeIfAbsent(tests.get(i).metric(), any -> new ArrayList<>()).add(i);
    }
    Fitted[] fitted = new Fitted[tests.size()];
    byMetric.values().forEach(places -> fit(places, tests, fitted));
    double[] pValues =
        Arrays.stream(fitted)
            .parallel()
            .mapToDouble(s -> s.prior().pValue(s.likelihood()))
            .toArray();
    double[] weights =
        Arrays.stream(fitted)
            .parallel()
            .mapToDouble(s -> s.prior().testWeight(s.likelihood()))
            .toArray();
    double[] qValues = FalseDiscovery.qValues(pValues, weights);
    return IntStream.range(0, fitted.length)
        .parallel()
        .filter(i -> reportedAt >= 1 || qValues[i] < reportedAt)
        .mapToObj(
            i ->
                new TestResult(
                    tests.get(i),
                    fitted[i]
                        .prior()
                        .pooled(fitted[i].likelihood())
                        .times(tests.get(i).doublings()),
                    qValues[i]))
        .toList();
  }

  /** Fits the prior of one metric from the tests at these places. */
  private static void fit(List<Integer> places, List<TestedEffect> tests, Fitted[] fitted) {
    List<TestedEffect> same = places.stream().map(tests::get).toList();
    List<Heterogeneity> grid = heterogeneities(same);
    List<EffectLikelihood> likelihoods =
        same.parallelStream().map(tested -> tested.likelihood(grid)).toList();
    double[] errors = likelihoods.stream().mapToDouble(EffectLikelihood::smallestSd).toArray();
    double largest =
        likelihoods.stream().mapToDouble(EffectLikelihood::largestEstimate).max().orElse(0);
    double finest = FINEST * Median.withDefaults().evaluate(errors);
    EffectPrior prior =
        EffectPrior.fit(families(same, likelihoods), grid, finest, Math.max(finest, largest));
    for (int i = 0; i < likelihoods.size(); i++) {
      fitted[places.get(i)] = new Fitted(prior, likelihoods.get(i));
    }
  }

  /** Groups steps of the same parameters, since they are measured on the same runs. */
  private static List<List<EffectLikelihood>> families(
      List<TestedEffect> tests, List<EffectLikelihood> likelihoods) {
    Map<String, List<EffectLikelihood>> families = new TreeMap<>();
    for (int i = 0; i < tests.size(); i++) {
      families
          .computeIfAbsent(
              String.join("|", tests.get(i).slices().get(0).parameters()), any -> new ArrayList<>())
          .add(likelihoods.get(i));
    }
    return List.copyOf(families.values());
  }

  private static List<Heterogeneity> heterogeneities(List<TestedEffect> tests) {
    List<EffectObservation> all =
        tests.stream().map(TestedEffect::perDoubling).flatMap(Collection::stream).toList();
    double measurement =
        Median.withDefaults()
            .evaluate(all.stream().mapToDouble(o -> Math.sqrt(o.variance())).toArray());
    double largest = all.stream().mapToDouble(o -> Math.abs(o.effect())).max().orElse(0);
    return Heterogeneity.grid(measurement, largest);
  }
}
