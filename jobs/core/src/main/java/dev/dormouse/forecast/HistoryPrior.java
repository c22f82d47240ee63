package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.stats.OrderStatistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Forecasts the gains of arms in a new study from past studies: the mean of two forecasts with
 * different errors, {@link MainEffects} and {@link Forest}, in units of the standard deviation of
 * arms within a study. Its parts, the means of model variants and the rest, are scaled by their
 * cross-validated {@link Agreement} with outcomes. What a model ignores has no part in it. Names of
 * models and other words are compared without case and punctuation, since each team spells them in
 * its own way.
 */
public final class HistoryPrior {
  /** Priors where history has nothing to measure them by, in metric units. */
  private static final double DEFAULT_SPREAD = 0.003;

  private static final double DEFAULT_NOISE = 0.0005;

  private final ToDoubleFunction<Arm> expected;
  private final Map<Arm, Double> gains = new HashMap<>();
  private final double agreement;
  private final double spread;
  private final double noiseSd;
  private final TriedWords words;
  private final ParameterUse use;

  private HistoryPrior(
      ToDoubleFunction<Arm> expected,
      double agreement,
      double spread,
      double noiseSd,
      TriedWords words,
      ParameterUse use) {
    this.words = words;
    this.use = use;
    this.expected = expected;
    this.agreement = agreement;
    this.spread = spread;
    this.noiseSd = noiseSd;
  }

  /** Returns a prior that expects no gain of any arm. */
  public static HistoryPrior none() {
    return new HistoryPrior(
        arm -> 0,
        0,
        DEFAULT_SPREAD,
        DEFAULT_NOISE,
        new TriedWords(List.of()),
        new ParameterUse(List.of()));
  }

  /**
   * Learns from past results. The same results give the same forecasts.
   *
   * @param representative arms that represent the new study's search space; their forecasts have
   *     mean 0
   */
  public static HistoryPrior learn(List<PastResult> results, Collection<Arm> representative) {
    List<RankedStudy> studies =
        RankedStudy.of(
            results.stream()
                .map(r -> new PastResult(r.study(), Spelling.plain(r.arm()), r.value()))
                .toList());
    if (studies.isEmpty() || representative.isEmpty()) {
      return none();
    }
    ParameterUse use = new ParameterUse(studies.stream().map(RankedStudy::arms).toList());
    List<Arm> arms =
        representative.stream().map(Spelling::plain).map(use::effective).distinct().toList();
    ToDoubleFunction<Arm> forecast =
        mean(MainEffects.learn(studies, arms), Forest.learn(studies, arms));
    Agreement agreement =
        Agreement.of(
            studies,
            (seen, unseen) ->
                mean(MainEffects.learn(seen, unseen), Forest.learnSmall(seen, unseen)));
    VariantMeans means = VariantMeans.over(arms, forecast);
    ToDoubleFunction<Arm> variant = arm -> means.of(arm) - means.overall();
    ToDoubleFunction<Arm> settings = arm -> forecast.applyAsDouble(arm) - means.of(arm);
    return new HistoryPrior(
        arm -> {
          Arm plain = use.effective(Spelling.plain(arm));
          return agreement.variants().slope() * variant.applyAsDouble(plain)
              + agreement.settings().slope() * settings.applyAsDouble(plain);
        },
        agreement.correlation(differ(arms, variant), differ(arms, settings)),
        medianOfStudies(results, HistoryPrior::spread, DEFAULT_SPREAD),
        medianOfStudies(results, HistoryPrior::repeatSd, DEFAULT_NOISE),
        new TriedWords(results.stream().map(r -> Spelling.plain(r.arm())).toList()),
        use);
  }

  /**
   * Returns the expected gain of an arm over a middling arm of a new study, in metric units; 0 if
   * nothing is known.
   */
  public double gain(Arm arm) {
    return gains.computeIfAbsent(arm, a -> spread * expected.applyAsDouble(a));
  }

  /**
   * Returns the expected gain of an arm over the baseline of a new study, in metric units. Each
   * word that no past run tried counts as a loss of one standard deviation of arms within a study:
   * people leave out most words because they expect nothing of them.
   */
  public double gainOver(Arm baseline, Arm arm) {
    double surprises =
        agreement == 0 ? 0 : words.untried(Spelling.plain(arm), Spelling.plain(baseline));
    return gain(arm) - gain(baseline) - surprises * spread;
  }

  /** Returns what the models of a search space ignore of its parameters, as past runs tell. */
  public IgnoredParameters ignored(SearchSpace space, Arm baseline) {
    return use.in(space, baseline);
  }

  /**
   * Returns the correlation of forecasts with outcomes of studies that they have not seen, from 0
   * to 0.95.
   */
  public double agreement() {
    return agreement;
  }

  /** Returns the standard deviation of arms within a study, in metric units. */
  public double spread() {
    return spread;
  }

  /** Returns the seed noise measured on repeated arms of past studies, in metric units. */
  public double noiseSd() {
    return noiseSd;
  }

  /** Returns the standard deviation of a forecast's error, in metric units. */
  public double gainSd() {
    return spread * Math.sqrt(1 - agreement * agreement);
  }

  private static boolean differ(List<Arm> arms, ToDoubleFunction<Arm> forecast) {
    return Standardized.over(arms.stream().mapToDouble(forecast).toArray()).differs();
  }

  private static ToDoubleFunction<Arm> mean(MainEffects effects, Forest forest) {
    return arm -> (effects.rank(arm) / RankedStudy.SD + forest.score(arm)) / 2;
  }

  private static double medianOfStudies(
      List<PastResult> results, ToDoubleFunction<List<PastResult>> measure, double otherwise) {
    Map<String, List<PastResult>> studies = new TreeMap<>();
    results.forEach(r -> studies.computeIfAbsent(r.study(), s -> new ArrayList<>()).add(r));
    return median(studies.values().stream().mapToDouble(measure), otherwise);
  }

  private static double spread(List<PastResult> study) {
    double[] values = study.stream().flatMapToDouble(r -> r.value().stream()).toArray();
    return values.length < 5 ? Double.NaN : robustSd(values);
  }

  /**
   * Returns half the width of the middle 68% of the values, an estimate of their standard deviation
   * that a tail of failed runs does not inflate.
   */
  public static double robustSd(double[] values) {
    return (OrderStatistics.lower(values, 0.84) - OrderStatistics.lower(values, 0.16)) / 2;
  }

  /** Returns the pooled standard deviation of repeated arms; NaN if no arm is repeated. */
  private static double repeatSd(List<PastResult> study) {
    Map<Arm, List<Double>> repeats = new LinkedHashMap<>();
    study.forEach(
        run ->
            run.value()
                .ifPresent(v -> repeats.computeIfAbsent(run.arm(), a -> new ArrayList<>()).add(v)));
    double squares = 0;
    int degrees = 0;
    for (List<Double> values : repeats.values()) {
      double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
      squares += values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
      degrees += values.size() - 1;
    }
    return degrees == 0 || squares == 0 ? Double.NaN : Math.sqrt(squares / degrees);
  }

  private static double median(DoubleStream numbers, double otherwise) {
    double[] positive = numbers.filter(n -> Double.isFinite(n) && n > 0).toArray();
    return positive.length == 0 ? otherwise : OrderStatistics.upperMedian(positive);
  }
}
