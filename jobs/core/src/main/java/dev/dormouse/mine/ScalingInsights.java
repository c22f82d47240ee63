package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.FalseDiscovery;
import dev.dormouse.stats.Trend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Numeric parameters whose best value moves with the amount of training data. Pure. */
final class ScalingInsights {
  private static final int FEWEST_DATASETS = 4;

  /** Zero is off the logarithmic scale: it counts as a tenth of the smallest value tried. */
  private static final double BELOW_SMALLEST = 0.1;

  private ScalingInsights() {}

  /** One parameter: the logarithm of its best value by that of the amount of data. */
  private record Asked(String parameter, List<Fact> facts, List<String> points, Trend trend) {}

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
    List<Asked> asked = new ArrayList<>();
    byParameter.values().forEach(same -> ask(same, studies, asked));
    double[] qValues =
        FalseDiscovery.qValues(asked.stream().mapToDouble(a -> a.trend().pValue()).toArray());
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      findings.add(finding(asked.get(i), qValues[i]));
    }
    return findings;
  }

  /** One point a data set: the median over its studies and model variants. */
  private static void ask(List<Fact> same, Map<String, Study> studies, List<Asked> asked) {
    double smallest =
        same.stream()
            .filter(fact -> fact.knows("lowest_positive"))
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
      return;
    }
    double[] x = bySize.keySet().stream().mapToDouble(Math::log10).toArray();
    double[] y =
        bySize.values().stream()
            .mapToDouble(
                values ->
                    Pooling.median(values.stream().mapToDouble(Double::doubleValue).toArray()))
            .toArray();
    if (java.util.Arrays.stream(y).distinct().count() < 2) {
      return;
    }
    List<String> points = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      points.add(String.format(Locale.ROOT, "%.1e: %.2g", Math.pow(10, x[i]), Math.pow(10, y[i])));
    }
    asked.add(new Asked(same.get(0).parameters().get(0), same, points, Trend.of(x, y)));
  }

  private static Finding finding(Asked asked, double qValue) {
    Estimate slope = asked.trend().slope();
    Fact any = asked.facts().get(0);
    boolean established = qValue < Pooling.REPORTED_AT;
    return Finding.of(
            Insight.Kind.SCALING,
            asked.parameter() + "|" + any.metric(),
            String.format(
                Locale.ROOT,
                "%s: the best value is x%.2g [x%.2g, x%.2g] for each tenfold of training data, over %d sizes (%s)%s",
                asked.parameter(),
                Math.pow(10, slope.mean()),
                Math.pow(10, slope.low()),
                Math.pow(10, slope.high()),
                asked.points().size(),
                String.join(", ", asked.points()),
                established ? "" : "; not established"))
        .about(List.of(asked.parameter()), "", "")
        .where(Map.of("train_samples", "x10"))
        .measured(
            any.metric(),
            new Effect(
                slope.mean(),
                slope.mean(),
                Double.NaN,
                slope.low(),
                slope.high(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Double.NaN,
                OptionalDouble.of(qValue),
                asked.facts().size(),
                asked.facts().size(),
                asked.facts().stream().map(Fact::study).distinct().count(),
                Double.NaN))
        .seenIn(asked.facts());
  }
}
