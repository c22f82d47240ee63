package dev.dormouse.search;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;
import dev.dormouse.search.Posterior.Prediction;
import dev.dormouse.stats.OrderStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Surrogate model of a campaign's candidates: the plan's forecasts, corrected by the campaign's own
 * results. Every result counts once, a failed run as the worst value seen.
 */
final class Surrogate {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /**
   * Values are clipped at this many times the best value's lead below the median, so that a
   * collapsed run does not hide the differences among good ones.
   */
  private static final double DEPTH = 3;

  /** A candidate with its posterior mean, standard deviation and improvement, in metric units. */
  record ScoredArm(Arm arm, double mean, double sd, double expectedImprovement) {}

  private final Map<Arm, EncodedArm> points = new LinkedHashMap<>();
  private final List<EncodedArm> seenPoints = new ArrayList<>();
  private final List<Arm> candidates;
  private final PriorForecasts forecasts;
  private final ArmEncoder encoder;
  private final SurrogateRules rules;
  private final SurrogateRules.Units units;
  private final double offset;
  private Posterior process;

  /**
   * @param candidates the arms to choose from
   * @param pending arms that are being trained; their predicted results are taken as known
   */
  Surrogate(ProposalContext context, List<Arm> candidates, List<Arm> pending) {
    this(context, context.prior(), candidates, pending);
  }

  /** A surrogate on other forecasts than those that travel with the plan. */
  Surrogate(
      ProposalContext context, PriorForecasts prior, List<Arm> candidates, List<Arm> pending) {
    this.candidates = candidates;
    List<Measured> measured = Measured.of(context);
    double[] clipped = clip(measured.stream().mapToDouble(Measured::value).toArray());
    this.offset = Arrays.stream(clipped).average().orElse(0);
    this.forecasts = prior;
    this.rules = SurrogateRules.of(context.rules());
    List<Arm> arms = measured.stream().map(Measured::arm).toList();
    this.units =
        rules.units(
            new SurrogateRules.Spread(
                (int) arms.stream().distinct().count(),
                TrialValues.sd(clipped),
                TrialValues.sd(arms.stream().mapToDouble(forecasts::gain).toArray())),
            context.noiseSd(),
            forecasts);
    Set<Arm> all = new LinkedHashSet<>(candidates);
    all.addAll(arms);
    all.addAll(pending);
    this.encoder = rules.encoder(all, context);
    double[] values = new double[clipped.length];
    double[] noiseVariances = new double[clipped.length];
    for (int i = 0; i < clipped.length; i++) {
      double sd = measured.get(i).sd() / units.value();
      seenPoints.add(point(arms.get(i)));
      values[i] = (clipped[i] - offset) / units.value();
      noiseVariances[i] = Math.max(units.noiseVariance(), sd * sd);
    }
    this.process =
        rules.fit(seenPoints.toArray(new EncodedArm[0]), values, noiseVariances, units.kernels());
    pending.forEach(this::assumeAsPredicted);
  }

  /** Returns the best candidates, each chosen as if the ones before it were being trained. */
  List<ScoredArm> best(int count, BiFunction<Prediction, Double, Double> value) {
    return best(count, value, arm -> 1);
  }

  /**
   * Returns the best candidates, each chosen as if the ones before it were being trained.
   *
   * @param weight factor of an arm's value, above 0
   */
  List<ScoredArm> best(
      int count, BiFunction<Prediction, Double, Double> value, ToDoubleFunction<Arm> weight) {
    return best(candidates, count, value, weight);
  }

  /**
   * Returns the best of some candidates, each chosen as if the ones before it were being trained.
   *
   * @param weight factor of an arm's value, above 0
   */
  List<ScoredArm> best(
      Collection<Arm> among,
      int count,
      BiFunction<Prediction, Double, Double> value,
      ToDoubleFunction<Arm> weight) {
    List<ScoredArm> chosen = new ArrayList<>();
    Set<Arm> left = new LinkedHashSet<>(among);
    while (chosen.size() < count && !left.isEmpty()) {
      ScoredArm best = best(left, value, weight);
      chosen.add(best);
      left.remove(best.arm());
      assumeAsPredicted(best.arm());
    }
    return chosen;
  }

  /**
   * Returns the expected improvement of a candidate as a share of the best candidate's; NaN if that
   * is 0. Choices of {@link #best(int, BiFunction)} count as tried.
   */
  double shareOfBest(Arm arm) {
    double most =
        best(new LinkedHashSet<>(candidates), Surrogate::expectedImprovement, any -> 1)
            .expectedImprovement();
    return scored(arm, process.predict(point(arm)), incumbent()).expectedImprovement() / most;
  }

  /** Returns what to expect of an arm. */
  ScoredArm expectation(Arm arm) {
    return scored(arm, process.predict(point(arm)), incumbent());
  }

  /**
   * Returns the expected improvement over an incumbent (Jones, Schonlau and Welch, 1998, equation
   * 15).
   */
  static double expectedImprovement(Prediction prediction, double incumbent) {
    double lead = prediction.mean() - incumbent;
    double z = lead / prediction.sd();
    return lead * NORMAL.cumulativeProbability(z) + prediction.sd() * NORMAL.density(z);
  }

  private ScoredArm best(
      Set<Arm> arms, BiFunction<Prediction, Double, Double> value, ToDoubleFunction<Arm> weight) {
    double incumbent = incumbent();
    Arm best = arms.iterator().next();
    Prediction bestPrediction = process.predict(point(best));
    double toBeat = incumbent + units.margin();
    double bestValue = value(best, bestPrediction, toBeat, value, weight);
    for (Arm arm : arms) {
      Prediction prediction = process.predict(point(arm));
      double candidate = value(arm, prediction, toBeat, value, weight);
      if (candidate > bestValue) {
        best = arm;
        bestPrediction = prediction;
        bestValue = candidate;
      }
    }
    return scored(best, bestPrediction, incumbent);
  }

  private double value(
      Arm arm,
      Prediction prediction,
      double toBeat,
      BiFunction<Prediction, Double, Double> value,
      ToDoubleFunction<Arm> weight) {
    return value.apply(prediction, toBeat)
        * rules.news(prediction, units.noiseVariance())
        * weight.applyAsDouble(arm);
  }

  private ScoredArm scored(Arm arm, Prediction prediction, double incumbent) {
    return new ScoredArm(
        arm,
        offset + units.value() * prediction.mean(),
        units.value() * prediction.sd(),
        units.value() * expectedImprovement(prediction, incumbent));
  }

  private double incumbent() {
    return seenPoints.stream().mapToDouble(point -> process.predict(point).mean()).max().orElse(0);
  }

  /** Takes the prediction as the result, so that a batch spreads out ("kriging believer"). */
  private void assumeAsPredicted(Arm arm) {
    EncodedArm point = point(arm);
    process = process.with(point, process.predict(point).mean(), units.noiseVariance());
    seenPoints.add(point);
  }

  private EncodedArm point(Arm arm) {
    return points.computeIfAbsent(
        arm, a -> new EncodedArm(a, encoder, forecasts.gain(a) / units.forecast()));
  }

  private static double[] clip(double[] values) {
    if (values.length < 3) {
      return values;
    }
    double median = OrderStatistics.upperMedian(values);
    double lead = Arrays.stream(values).max().orElseThrow() - median;
    if (lead <= 0) {
      return values;
    }
    double floor = median - DEPTH * lead;
    return Arrays.stream(values).map(value -> Math.max(value, floor)).toArray();
  }
}
