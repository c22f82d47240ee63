package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Step;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.FalseDiscovery;
import dev.dormouse.stats.Trend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.commons.statistics.descriptive.Median;

/** Finds numeric parameters whose best value changes with the amount of training data. Pure. */
final class ScalingInsights {
  private static final int FEWEST_DATASETS = 4;

  /** Zero has no logarithm: it counts as this share of the smallest positive value tried. */
  private static final double BELOW_SMALLEST = 0.1;

  private ScalingInsights() {}

  /** A parameter with the trend of its best value over the amount of data, on log scales. */
  private record TestedTrend(
      String parameter, List<Fact> facts, List<String> points, Trend trend) {}

  static List<Finding> of(List<Fact> facts, Map<String, Study> studies) {
    Map<String, List<Fact>> byParameter = new TreeMap<>();
    for (Fact fact : facts) {
      if (fact.kind() == Kind.BEST
          && studies.get(fact.study()).trainSamples().isPresent()
          && fact.number("highest") > 0) {
        byParameter
            .computeIfAbsent(
                fact.parameters().get(0) + "|" + fact.metric(), any -> new ArrayList<>())
            .add(fact);
      }
    }
    List<TestedTrend> tests = new ArrayList<>();
    byParameter.values().forEach(same -> fit(same, studies).ifPresent(tests::add));
    double[] qValues =
        FalseDiscovery.qValues(tests.stream().mapToDouble(t -> t.trend().pValue()).toArray());
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      findings.add(finding(tests.get(i), qValues[i]));
    }
    return findings;
  }

  /** Fits one point for each size of data set, the median over its studies and model variants. */
  private static Optional<TestedTrend> fit(List<Fact> same, Map<String, Study> studies) {
    double smallest =
        same.stream()
            .filter(fact -> fact.has("lowest_positive"))
            .mapToDouble(fact -> fact.number("lowest_positive"))
            .min()
            .orElseThrow();
    Map<Long, List<Double>> bySize = new TreeMap<>();
    for (Fact fact : same) {
      double best = fact.number("best");
      if (best >= 0) {
        bySize
            .computeIfAbsent(
                studies.get(fact.study()).trainSamples().orElseThrow(), any -> new ArrayList<>())
            .add(Math.log10(best == 0 ? smallest * BELOW_SMALLEST : best));
      }
    }
    if (bySize.size() < FEWEST_DATASETS) {
      return Optional.empty();
    }
    double[] x = bySize.keySet().stream().mapToDouble(Math::log10).toArray();
    double[] y =
        bySize.values().stream()
            .mapToDouble(
                values ->
                    Median.withDefaults()
                        .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray()))
            .toArray();
    if (Arrays.stream(y).distinct().count() < 2) {
      return Optional.empty();
    }
    List<String> points = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      points.add(String.format(Locale.ROOT, "%.1e: %.2g", Math.pow(10, x[i]), Math.pow(10, y[i])));
    }
    return Optional.of(
        new TestedTrend(same.get(0).parameters().get(0), same, points, Trend.of(x, y)));
  }

  private static Finding finding(TestedTrend tested, double qValue) {
    Estimate slope = tested.trend().slope();
    Fact any = tested.facts().get(0);
    boolean established = qValue < Pooling.REPORTED_AT;
    return Finding.of(
            Insight.Kind.SCALING,
            tested.parameter() + "|" + any.metric(),
            String.format(
                Locale.ROOT,
                "%s: the best value is x%.2g [x%.2g, x%.2g] for each tenfold of training data, over"
                    + " %d sizes (%s)%s",
                tested.parameter(),
                Math.pow(10, slope.mean()),
                Math.pow(10, slope.low()),
                Math.pow(10, slope.high()),
                tested.points().size(),
                String.join(", ", tested.points()),
                established ? "" : "; not established"))
        .about(List.of(tested.parameter()), new Step.None())
        .where(Map.of("train_samples", "x10"))
        .measured(
            any.metric(),
            Effect.of(slope.mean(), slope.low(), slope.high())
                .qValue(OptionalDouble.of(qValue))
                .nPairs(tested.facts().size())
                .nSlices(tested.facts().size())
                .nStudies(tested.facts().stream().map(Fact::study).distinct().count())
                .build())
        .seenIn(tested.facts());
  }
}
