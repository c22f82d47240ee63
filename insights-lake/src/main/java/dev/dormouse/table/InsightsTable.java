package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.INT;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRINGS;
import static dev.dormouse.table.ColumnType.STRING_MAP;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

import dev.dormouse.model.Insight;
import dev.dormouse.model.InsightBuilder;
import dev.dormouse.model.Step;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/** {@code insights}: statements mined from runs; each mining adds a version. */
public final class InsightsTable {
  public static final Table TABLE =
      Table.named(
              "insights",
              Table.Writer.SPARK,
              "Statements mined from runs; the newest mined_at is in force")
          .required(
              "insight_id", STRING, "Derived from what is stated: mining twice gives the same id")
          .required(
              "mined_at", TIMESTAMP, "When it was mined, UTC; all insights of one mining share it")
          .required("runs_version", LONG, "Version of table runs that it was mined from")
          .required("rank", INT, "Order of use to a planner, from 1")
          .required("kind", STRING, "What sort of statement it is")
          .required("statement", STRING, "The sentence for people")
          .required("parameters", STRINGS, "Parameters it is about")
          .required("from_value", STRING, "Value before; empty if it is not about a step")
          .required("to_value", STRING, "Value after; empty if it is not about a step")
          .required("conditions", STRING_MAP, "Where it holds; empty: everywhere seen")
          .required("model_variants", STRINGS, "Model variants it was seen in")
          .required("studies", STRINGS, "Studies it rests on")
          .required("metric", STRING, "Metric of the effect")
          .optional(
              "effect", DOUBLE, "Estimate: gain in metric units, or a rate, ratio or sd by kind")
          .optional(
              "plain",
              DOUBLE,
              "The estimate by its own measurements alone, not corrected for selection")
          .optional(
              "expected",
              DOUBLE,
              "The effect to count on: shrunk for having been noticed, whatever its size")
          .optional("ci_low", DOUBLE, "Lower end of the 95% interval")
          .optional("ci_high", DOUBLE, "Upper end of the 95% interval")
          .optional("pi_low", DOUBLE, "Lower end of the 95% prediction interval for a new study")
          .optional("pi_high", DOUBLE, "Upper end of the 95% prediction interval for a new study")
          .optional("p_gain", DOUBLE, "Probability that the effect is above 0 in a new study")
          .optional("q_value", DOUBLE, "False discovery rate at which it would be reported")
          .optional("n_pairs", LONG, "Pairs (or runs) it rests on")
          .optional("n_slices", LONG, "Slices (study, model variant) it rests on")
          .optional("n_studies", LONG, "Studies it rests on")
          .optional("share_positive", DOUBLE, "Share of pairs that gained")
          .required("trap_of", STRING, "For a trap: the tempting but wrong conclusion, else empty")
          .key("insight_id", "mined_at")
          .check(
              Check.oneOf(
                  "kind", Arrays.stream(Insight.Kind.values()).map(Insight.Kind::id).toList()))
          .check(Check.between("p_gain", 0, 1))
          .check(Check.between("q_value", 0, 1))
          .check(Check.between("share_positive", 0, 1))
          .build();

  private InsightsTable() {}

  /** Returns the row of an insight. */
  public static TableRow encode(Insight insight, Instant minedAt, long runsVersion, int rank) {
    Optional<Insight.Effect> effect = insight.effect();
    return TableRow.of(TABLE)
        .set("insight_id", insight.insightId())
        .set("mined_at", minedAt)
        .set("runs_version", runsVersion)
        .set("rank", rank)
        .set("kind", insight.kind().id())
        .set("statement", insight.statement())
        .set("parameters", insight.parameters())
        .set("from_value", insight.step().from())
        .set("to_value", insight.step().to())
        .set("conditions", insight.conditions())
        .set("model_variants", insight.modelVariants())
        .set("studies", insight.studies())
        .set("metric", insight.metric())
        .set("effect", effect.map(Insight.Effect::mean).filter(Double::isFinite))
        .set("plain", effect.map(Insight.Effect::plain).filter(Double::isFinite))
        .set("expected", effect.map(Insight.Effect::expected).filter(Double::isFinite))
        .set("ci_low", effect.map(Insight.Effect::low).filter(Double::isFinite))
        .set("ci_high", effect.map(Insight.Effect::high).filter(Double::isFinite))
        .set("pi_low", effect.map(Insight.Effect::predictionLow).flatMap(InsightsTable::boxed))
        .set("pi_high", effect.map(Insight.Effect::predictionHigh).flatMap(InsightsTable::boxed))
        .set("p_gain", effect.map(Insight.Effect::pGain).filter(Double::isFinite))
        .set("q_value", effect.map(Insight.Effect::qValue).flatMap(InsightsTable::boxed))
        .set("n_pairs", effect.map(Insight.Effect::nPairs))
        .set("n_slices", effect.map(Insight.Effect::nSlices))
        .set("n_studies", effect.map(Insight.Effect::nStudies))
        .set("share_positive", effect.map(Insight.Effect::sharePositive).filter(Double::isFinite))
        .set("trap_of", insight.trapOf())
        .build();
  }

  private static Optional<Double> boxed(OptionalDouble number) {
    return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
  }

  /**
   * Returns the insight in a row.
   *
   * @param evidence returns the run ids of an insight id
   */
  public static Insight decode(TableRow row, Function<String, List<String>> evidence) {
    Insight.Kind kind = Insight.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT));
    return InsightBuilder.builder()
        .insightId(row.text("insight_id"))
        .kind(kind)
        .statement(row.text("statement"))
        .parameters(row.texts("parameters"))
        .step(Step.of(kind, row.text("from_value"), row.text("to_value")))
        .conditions(new TreeMap<>(row.textMap("conditions")))
        .modelVariants(row.texts("model_variants"))
        .studies(row.texts("studies"))
        .metric(row.text("metric"))
        .effect(effect(row))
        .trapOf(row.text("trap_of"))
        .evidence(evidence.apply(row.text("insight_id")))
        .build();
  }

  private static Optional<Insight.Effect> effect(TableRow row) {
    OptionalDouble mean = row.optionalFraction("effect");
    if (mean.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Insight.Effect.of(
                mean.getAsDouble(),
                row.optionalFraction("ci_low").orElse(Double.NaN),
                row.optionalFraction("ci_high").orElse(Double.NaN))
            .plain(row.optionalFraction("plain").orElse(Double.NaN))
            .expected(row.optionalFraction("expected").orElse(Double.NaN))
            .predictionLow(row.optionalFraction("pi_low"))
            .predictionHigh(row.optionalFraction("pi_high"))
            .pGain(row.optionalFraction("p_gain").orElse(Double.NaN))
            .qValue(row.optionalFraction("q_value"))
            .nPairs(row.optionalNumber("n_pairs").orElse(0))
            .nSlices(row.optionalNumber("n_slices").orElse(0))
            .nStudies(row.optionalNumber("n_studies").orElse(0))
            .sharePositive(row.optionalFraction("share_positive").orElse(Double.NaN))
            .build());
  }
}
