package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.mine.Pooling.TestedEffect;
import dev.dormouse.model.Insight;
import dev.dormouse.stats.EffectObservation;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.PooledEffect;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Facts and test results with round numbers. */
final class FactFixture {
  static final String METRIC = "auc";

  private FactFixture() {}

  static Fact fact(
      Kind kind,
      String study,
      String model,
      List<String> parameters,
      List<String> from,
      List<String> to,
      Map<String, Double> numbers) {
    return new Fact(study, kind, METRIC, model, parameters, from, to, numbers, List.of(1L, 2L));
  }

  /** A slice of four pairs of single runs (seed share 2), of which all or none gain. */
  static Fact step(
      String study, String model, String parameter, String from, String to, double gain) {
    return fact(
        Kind.STEP,
        study,
        model,
        List.of(parameter),
        List.of(from),
        List.of(to),
        Map.of(
            "gain",
            gain,
            "variance",
            2e-6,
            "n_pairs",
            4.0,
            "n_up",
            gain > 0 ? 4.0 : 0.0,
            "crosses",
            0.0,
            "seed_share",
            2.0));
  }

  /** The fact with other numbers, or more of them. */
  static Fact with(Fact fact, Map<String, Double> numbers) {
    Map<String, Double> all = new TreeMap<>(fact.numbers());
    all.putAll(numbers);
    return new Fact(
        fact.study(),
        fact.kind(),
        fact.metric(),
        fact.modelVariant(),
        fact.parameters(),
        fact.from(),
        fact.to(),
        all,
        fact.evidence());
  }

  /** A study of 100 runs without curves and test metrics. */
  static Fact study(String name, String dataset, String features, Map<String, Double> numbers) {
    Fact plain =
        fact(
            Kind.STUDY,
            name,
            "",
            List.of(),
            List.of(),
            List.of(dataset, features),
            Map.of(
                "n",
                100.0,
                "n_values",
                100.0,
                "median",
                0.7,
                "n_same",
                0.0,
                "n_curves",
                0.0,
                Orientation.COLUMN,
                1.0));
    return with(plain, numbers);
  }

  static Fact noise(String study, double variance, double degrees) {
    return fact(
        Kind.NOISE,
        study,
        "",
        List.of(),
        List.of(),
        List.of(),
        Map.of("variance", variance, "degrees", degrees, "n_groups", degrees));
  }

  static TestedEffect tested(List<Fact> slices) {
    return new TestedEffect(
        slices,
        slices.stream().map(s -> new EffectObservation(s.number("gain"), 1e-6, 0)).toList());
  }

  /** A result whose estimate by its own measurements is this one. */
  static TestResult result(List<Fact> slices, double mean, double low, double high, double q) {
    Estimate plain = new Estimate(mean, low, high);
    return new TestResult(tested(slices), new PooledEffect(plain, plain, low, high, 0.9, 0), q);
  }

  static Insight insight(Finding finding) {
    return finding.toInsight(Map.of(1L, "run-1", 2L, "run-2"));
  }

  static List<String> statements(List<Finding> findings) {
    return findings.stream().map(finding -> insight(finding).statement()).toList();
  }
}
