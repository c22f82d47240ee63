package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.BOOLEAN;
import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.DOUBLE_MAP;
import static dev.dormouse.table.ColumnType.INT;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRINGS;
import static dev.dormouse.table.ColumnType.STRING_MAP;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import java.time.Instant;
import java.util.Arrays;

/** {@code hypotheses}: what was claimed, before it was tried. */
public final class HypothesesTable {
  public static final Table TABLE =
      Table.named(
              "hypotheses",
              Table.Writer.SPARK,
              "Hypotheses of each campaign with every term of their score")
          .required("campaign_id", STRING, "The campaign")
          .required("hypothesis_id", STRING, "Unique in its campaign")
          .required("rank", INT, "Order in the plan, from 1")
          .required("source", STRING, "Who proposed it")
          .required("claim", STRING, "One sentence")
          .required("rationale", STRING, "Why it should work")
          .required("config_id", STRING, "The arm")
          .required("model_variant", STRING, "Model variant of the arm")
          .required("params", STRING_MAP, "All other parameters of the arm")
          .required("changes", STRINGS, "Changes against the baseline, as sentences")
          .required("evidence", STRINGS, "Insights, techniques or runs that it rests on")
          .required("predicted_gain", DOUBLE, "Expected gain over the baseline, metric units")
          .required(
              "predicted_gain_sd", DOUBLE, "Standard deviation of that expectation, metric units")
          .required("p_success", DOUBLE, "Probability that the gain is above 0")
          .required("p_failure", DOUBLE, "Probability that the run fails")
          .required("predicted_cost_gpu_hours", DOUBLE, "Expected cost of one run, GPU-hours")
          .required("score", DOUBLE, "Rank value, higher first")
          .required("terms", DOUBLE_MAP, "Every term of the score by name")
          .optional("duplicate_of", STRING, "Run that already tried the arm in this study")
          .required("planned", BOOLEAN, "Whether the plan tries it")
          .required("ranked_at", TIMESTAMP, "When, UTC")
          .key("campaign_id", "hypothesis_id")
          .check(Check.oneOf("source", Arrays.stream(Source.values()).map(Source::id).toList()))
          .check(Check.between("p_success", 0, 1))
          .check(Check.between("p_failure", 0, 1))
          .check(Check.atLeast("predicted_gain_sd", 0))
          .build();

  private HypothesesTable() {}

  /**
   * Returns the row of a hypothesis.
   *
   * @param rank its position in the ranking, from 1
   * @param planned whether the plan tries it
   */
  public static TableRow encode(
      String campaignId, Hypothesis hypothesis, int rank, boolean planned, Instant rankedAt) {
    Hypothesis.Forecast forecast = hypothesis.forecast();
    return TableRow.of(TABLE)
        .set("campaign_id", campaignId)
        .set("hypothesis_id", hypothesis.hypothesisId())
        .set("rank", rank)
        .set("source", hypothesis.source().id())
        .set("claim", hypothesis.claim())
        .set("rationale", hypothesis.rationale())
        .set("config_id", hypothesis.arm().configId())
        .set("model_variant", hypothesis.arm().modelVariant())
        .set("params", hypothesis.arm().params())
        .set("changes", hypothesis.changes().stream().map(Object::toString).toList())
        .set("evidence", hypothesis.evidence())
        .set("predicted_gain", forecast.gain())
        .set("predicted_gain_sd", forecast.gainSd())
        .set("p_success", forecast.pSuccess())
        .set("p_failure", forecast.pFailure())
        .set("predicted_cost_gpu_hours", GpuHours.hours(forecast.costMicros()))
        .set("score", hypothesis.score())
        .set("terms", hypothesis.terms())
        .set("duplicate_of", hypothesis.duplicateOf())
        .set("planned", planned)
        .set("ranked_at", rankedAt)
        .build();
  }
}
