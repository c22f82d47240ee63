package dev.dormouse.mine;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Digests;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.ParamValue;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.Samples;
import dev.dormouse.stats.Shrinkage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/**
 * From small tables of facts to insights of kinds noise, model_rank, failure, coverage and trap.
 */
final class FactInsights {
  private static final double LEAK_DISTANCE = 0.02;
  private static final double WORTH_NAMING_COVERAGE = 0.7;
  private static final int PRIOR_WEIGHT = 20;

  private FactInsights() {}

  static List<Insight> noise(List<Row> studies, Noise noise) {
    List<Insight> insights = new ArrayList<>();
    for (Row row : studies) {
      String study = row.getAs("study");
      String metric = row.getAs("metric");
      double sd = noise.sd(study, metric);
      long degrees = row.<Long>getAs("degrees");
      insights.add(
          insight(
              Kind.NOISE,
              study,
              List.of(),
              Map.of("study", study),
              metric,
              String.format(
                  Locale.ROOT,
                  "seed noise of %s: sd %.5f %s (%.5f before shrinkage, %d degrees of freedom)",
                  study,
                  sd,
                  Metrics.text(metric),
                  Math.sqrt(row.<Double>getAs("variance")),
                  degrees),
              Optional.of(number(sd, degrees, 1)),
              "",
              row.getList(row.fieldIndex("evidence"))));
    }
    return insights;
  }

  static List<Insight> modelRanks(List<Row> ranks) {
    Map<String, List<Row>> byVariant = new TreeMap<>();
    ranks.forEach(
        row ->
            byVariant
                .computeIfAbsent(row.getAs("model_variant"), any -> new ArrayList<>())
                .add(row));
    List<Insight> insights = new ArrayList<>();
    byVariant.forEach(
        (variant, rows) -> {
          if (rows.size() < 2) {
            return;
          }
          double[] values = rows.stream().mapToDouble(row -> row.<Double>getAs("rank")).toArray();
          Estimate mean = Samples.meanWithInterval(values);
          double low = Math.max(0, mean.low());
          double high = Math.min(1, mean.high());
          long better = rows.stream().filter(row -> row.<Double>getAs("rank") > 0.5).count();
          String statement =
              String.format(
                  Locale.ROOT,
                  "%s ranks %.2f [%.2f, %.2f] (0 last, 1 first) among model variants by best configuration in %d studies",
                  variant,
                  mean.mean(),
                  low,
                  high,
                  rows.size());
          Effect effect =
              new Effect(
                  mean.mean(),
                  low,
                  high,
                  OptionalDouble.empty(),
                  OptionalDouble.empty(),
                  (double) better / rows.size(),
                  OptionalDouble.empty(),
                  rows.size(),
                  rows.size(),
                  rows.size(),
                  (double) better / rows.size());
          insights.add(
              new Insight(
                  id(Kind.MODEL_RANK, variant),
                  Kind.MODEL_RANK,
                  statement,
                  List.of(Arm.MODEL),
                  "",
                  variant,
                  new TreeMap<>(),
                  List.of(variant),
                  rows.get(0).getAs("metric"),
                  Optional.of(effect),
                  "",
                  rows.stream().map(row -> row.<String>getAs("run_id")).toList()));
        });
    insights.sort(
        Comparator.comparingDouble((Insight i) -> -i.effect().orElseThrow().mean())
            .thenComparing(Insight::insightId));
    return insights;
  }

  static List<Insight> failures(List<Row> settings) {
    List<Insight> insights = new ArrayList<>();
    for (Row row : settings) {
      double base = row.<Double>getAs("base_rate");
      long n = row.<Long>getAs("n");
      long failed = row.<Long>getAs("failed");
      Estimate rate = Shrinkage.rate(failed, n, base, PRIOR_WEIGHT);
      if (rate.low() <= base) {
        continue;
      }
      String parameter = row.getAs("parameter");
      String setting = row.getAs("setting");
      insights.add(
          new Insight(
              id(Kind.FAILURE, parameter + "=" + setting),
              Kind.FAILURE,
              String.format(
                  Locale.ROOT,
                  "%s = %s: %d of %d runs had no usable result; rate %.2f [%.2f, %.2f] after shrinkage, %.1f times that of their studies",
                  parameter,
                  setting,
                  failed,
                  n,
                  rate.mean(),
                  rate.low(),
                  rate.high(),
                  rate.mean() / Math.max(base, 1e-6)),
              List.of(parameter),
              "",
              setting,
              new TreeMap<>(),
              sorted(row, "model_variants"),
              "failure_rate",
              Optional.of(
                  new Effect(
                      rate.mean(),
                      rate.low(),
                      rate.high(),
                      OptionalDouble.empty(),
                      OptionalDouble.empty(),
                      0,
                      OptionalDouble.empty(),
                      n,
                      0,
                      0,
                      0)),
              "",
              row.getList(row.fieldIndex("evidence"))));
    }
    return insights;
  }

  static List<Insight> coverage(List<Row> parameters, long runs) {
    List<Insight> insights = new ArrayList<>();
    for (Row row : parameters) {
      long n = row.<Long>getAs("n");
      double share = (double) row.<Long>getAs("n_commonest") / n;
      if (n < runs * 0.1 || share < WORTH_NAMING_COVERAGE || row.<Long>getAs("settings") < 2) {
        continue;
      }
      String parameter = row.getAs("parameter");
      String range =
          row.isNullAt(row.fieldIndex("lowest"))
              ? ""
              : String.format(
                  Locale.ROOT,
                  "; nothing below %s or above %s was ever tried",
                  ParamValue.canonical(row.<Double>getAs("lowest")),
                  ParamValue.canonical(row.<Double>getAs("highest")));
      insights.add(
          insight(
              Kind.COVERAGE,
              parameter,
              List.of(parameter),
              Map.of(),
              "",
              String.format(
                  Locale.ROOT,
                  "%s is %s in %.0f%% of the %d runs that set it%s",
                  parameter,
                  row.<String>getAs("commonest"),
                  100 * share,
                  n,
                  range),
              Optional.empty(),
              "",
              List.of()));
    }
    return insights;
  }

  static List<Insight> leaks(List<Row> featureSets) {
    Map<String, List<Row>> byDataset = new TreeMap<>();
    featureSets.forEach(
        row ->
            byDataset
                .computeIfAbsent(
                    row.<String>getAs("dataset") + " " + row.<String>getAs("metric"),
                    any -> new ArrayList<>())
                .add(row));
    List<Insight> insights = new ArrayList<>();
    byDataset.forEach(
        (dataset, rows) -> {
          List<Row> known = rows.stream().filter(row -> row.<Long>getAs("n") >= 5).toList();
          if (known.size() < 2) {
            return;
          }
          int orientation = Metrics.orientation(known.get(0).getAs("metric"));
          Comparator<Row> byResult =
              Comparator.comparingDouble(row -> orientation * row.<Double>getAs("median"));
          Row high = known.stream().max(byResult).orElseThrow();
          Row low = known.stream().min(byResult).orElseThrow();
          double distance = Math.abs(high.<Double>getAs("median") - low.<Double>getAs("median"));
          if (distance < LEAK_DISTANCE) {
            return;
          }
          insights.add(
              insight(
                  Kind.TRAP,
                  "features " + dataset,
                  List.of(),
                  Map.of("dataset", high.getAs("dataset")),
                  high.getAs("metric"),
                  String.format(
                      Locale.ROOT,
                      "%s: feature set %s gives %.3f where %s gives %.3f (medians of %d and %d runs); features that leak the future do that. Never compare across feature sets",
                      high.<String>getAs("dataset"),
                      high.<String>getAs("features"),
                      high.<Double>getAs("median"),
                      low.<String>getAs("features"),
                      low.<Double>getAs("median"),
                      high.<Long>getAs("n"),
                      low.<Long>getAs("n")),
                  Optional.of(number(distance, high.<Long>getAs("n"), 1)),
                  "feature set " + high.<String>getAs("features") + " is better",
                  high.getList(high.fieldIndex("evidence"))));
        });
    return insights;
  }

  static List<Insight> validationIsTest(List<Row> studies) {
    return studies.stream()
        .filter(row -> row.<Double>getAs("share_equal") >= 0.9 && row.<Long>getAs("n") >= 5)
        .map(
            row ->
                insight(
                    Kind.TRAP,
                    "validation is test " + row.<String>getAs("study"),
                    List.of(),
                    Map.of("study", row.getAs("study")),
                    row.getAs("metric"),
                    String.format(
                        Locale.ROOT,
                        "%s: validation and test metric are the same number in %.0f%% of %d runs; its test metric proves nothing",
                        row.<String>getAs("study"),
                        100 * row.<Double>getAs("share_equal"),
                        row.<Long>getAs("n")),
                    Optional.empty(),
                    "the test metric confirms the validation metric",
                    row.getList(row.fieldIndex("evidence"))))
        .toList();
  }

  static List<Insight> keptCurves(List<Row> studies) {
    return studies.stream()
        .filter(row -> row.<Double>getAs("mean_rank") >= 0.7 && row.<Long>getAs("n") >= 5)
        .map(
            row ->
                insight(
                    Kind.TRAP,
                    "curves " + row.<String>getAs("study"),
                    List.of(),
                    Map.of("study", row.getAs("study")),
                    row.getAs("metric"),
                    String.format(
                        Locale.ROOT,
                        "%s: learning curves were kept for winners (mean rank %.2f of 1 over %d runs); curves of losers are missing",
                        row.<String>getAs("study"),
                        row.<Double>getAs("mean_rank"),
                        row.<Long>getAs("n")),
                    Optional.empty(),
                    "curves like these lead to such results",
                    row.getList(row.fieldIndex("evidence"))))
        .toList();
  }

  private static List<String> sorted(Row row, String column) {
    List<String> values = row.getList(row.fieldIndex(column));
    return values.stream().sorted().toList();
  }

  private static Insight insight(
      Kind kind,
      String identity,
      List<String> parameters,
      Map<String, String> conditions,
      String metric,
      String statement,
      Optional<Effect> effect,
      String trapOf,
      List<String> evidence) {
    return new Insight(
        id(kind, identity),
        kind,
        statement,
        parameters,
        "",
        "",
        new TreeMap<>(conditions),
        List.of(),
        metric,
        effect,
        trapOf,
        evidence);
  }

  private static Effect number(double value, long n, long studies) {
    return new Effect(
        value,
        Double.NaN,
        Double.NaN,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Double.NaN,
        OptionalDouble.empty(),
        n,
        studies,
        studies,
        Double.NaN);
  }

  private static String id(Kind kind, String identity) {
    return kind.id() + "-" + Digests.sha256(identity).substring(0, 10);
  }
}
