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

/** Pools slices over studies and tests all of one sort together. Pure. */
final class Pooling {
  /** False discovery rate at which something is reported. */
  static final double REPORTED_AT = 0.1;

  /** The smallest effect to tell from none, in standard errors of a typical one. */
  private static final double FINEST = 0.25;

  private Pooling() {}

  /**
   * Something to be tested: a mean over slices, or how slices move with a covariate.
   *
   * @param slices facts with a gain
   * @param observations one a slice
   * @param condition what the covariate is, for whoever asks; empty to test the mean
   * @param covariate one number a slice; empty to test the mean
   */
  record Question(
      List<Fact> slices,
      List<EffectObservation> observations,
      String condition,
      List<Double> covariate) {
    /** About the mean. */
    Question(List<Fact> slices, List<EffectObservation> observations) {
      this(slices, observations, "", List.of());
    }

    String metric() {
      return slices.get(0).metric();
    }

    /**
     * The observations by unit of the step: it is effects for each doubling that are alike. (In the
     * published history their typical size grows about in proportion.)
     */
    List<EffectObservation> byUnit() {
      double unit = unit();
      return observations.stream()
          .map(
              o ->
                  new EffectObservation(o.effect() / unit, o.variance() / (unit * unit), o.group()))
          .toList();
    }

    double unit() {
      return slices.get(0).doublings();
    }

    EffectLikelihood likelihood(List<Heterogeneity> grid) {
      return covariate.isEmpty()
          ? EffectLikelihood.ofMean(byUnit(), grid)
          : EffectLikelihood.ofSlope(
              byUnit(), covariate.stream().mapToDouble(Double::doubleValue).toArray(), grid);
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
   * An answer.
   *
   * @param question what was asked
   * @param effect what is known of it
   * @param qValue false discovery rate at which it would be reported, among all asked together
   */
  record Answer(Question question, PooledEffect effect, double qValue) {
    boolean isReported() {
      return qValue < REPORTED_AT;
    }

    /** What is reported as the estimate: corrected for selection if it was selected. */
    Estimate estimate() {
      return isReported() ? effect.shrunk() : effect.plain();
    }

    Effect numbers() {
      Estimate estimate = estimate();
      return new Effect(
          estimate.mean(),
          effect.plain().mean(),
          effect.shrunk().mean(),
          estimate.low(),
          estimate.high(),
          OptionalDouble.of(effect.newLow()),
          OptionalDouble.of(effect.newHigh()),
          effect.pPositive(),
          OptionalDouble.of(qValue),
          question.pairs(),
          question.slices().size(),
          question.studies(),
          question.sharePositive());
    }
  }

  /** All answers, in the order of the questions. */
  static List<Answer> answers(List<Question> questions) {
    return answers(questions, 1);
  }

  /** Only the answers that are reported, in the order of the questions; all are tested. */
  static List<Answer> reported(List<Question> questions) {
    return answers(questions, REPORTED_AT);
  }

  /** A question in the light of all that are about the same metric. */
  private record Seen(EffectPrior prior, EffectLikelihood likelihood) {}

  private static List<Answer> answers(List<Question> questions, double reportedAt) {
    Map<String, List<Integer>> byMetric = new TreeMap<>();
    for (int i = 0; i < questions.size(); i++) {
      byMetric.computeIfAbsent(questions.get(i).metric(), any -> new ArrayList<>()).add(i);
    }
    Seen[] seen = new Seen[questions.size()];
    byMetric.values().forEach(places -> look(places, questions, seen));
    double[] pValues =
        Arrays.stream(seen).parallel().mapToDouble(s -> s.prior().pValue(s.likelihood())).toArray();
    double[] promises =
        Arrays.stream(seen)
            .parallel()
            .mapToDouble(s -> s.prior().promise(s.likelihood()))
            .toArray();
    double[] qValues = FalseDiscovery.qValues(pValues, promises);
    return IntStream.range(0, seen.length)
        .parallel()
        .filter(i -> reportedAt >= 1 || qValues[i] < reportedAt)
        .mapToObj(
            i ->
                new Answer(
                    questions.get(i),
                    seen[i].prior().pooled(seen[i].likelihood()).times(questions.get(i).unit()),
                    qValues[i]))
        .toList();
  }

  /** Looks at the questions at these places, which are about one metric. */
  private static void look(List<Integer> places, List<Question> questions, Seen[] seen) {
    List<Question> same = places.stream().map(questions::get).toList();
    List<Heterogeneity> grid = heterogeneities(same);
    List<EffectLikelihood> likelihoods =
        same.parallelStream().map(question -> question.likelihood(grid)).toList();
    double[] errors = likelihoods.stream().mapToDouble(EffectLikelihood::smallestSd).toArray();
    double largest =
        likelihoods.stream().mapToDouble(EffectLikelihood::largestEstimate).max().orElse(0);
    double finest = FINEST * median(errors);
    EffectPrior prior =
        EffectPrior.fit(families(same, likelihoods), grid, finest, Math.max(finest, largest));
    for (int i = 0; i < likelihoods.size(); i++) {
      seen[places.get(i)] = new Seen(prior, likelihoods.get(i));
    }
  }

  /** Steps of the same parameters are measured on the same runs. */
  private static List<List<EffectLikelihood>> families(
      List<Question> questions, List<EffectLikelihood> likelihoods) {
    Map<String, List<EffectLikelihood>> families = new TreeMap<>();
    for (int i = 0; i < questions.size(); i++) {
      families
          .computeIfAbsent(
              String.join("|", questions.get(i).slices().get(0).parameters()),
              any -> new ArrayList<>())
          .add(likelihoods.get(i));
    }
    return List.copyOf(families.values());
  }

  private static List<Heterogeneity> heterogeneities(List<Question> questions) {
    List<EffectObservation> all =
        questions.stream().map(Question::byUnit).flatMap(Collection::stream).toList();
    double measurement = median(all.stream().mapToDouble(o -> Math.sqrt(o.variance())).toArray());
    double largest = all.stream().mapToDouble(o -> Math.abs(o.effect())).max().orElse(0);
    return Heterogeneity.grid(measurement, largest);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }
}
