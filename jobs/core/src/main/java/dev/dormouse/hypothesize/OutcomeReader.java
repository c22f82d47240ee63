package dev.dormouse.hypothesize;

import dev.dormouse.io.SparkLake;
import dev.dormouse.stats.ForecastOutcome;
import dev.dormouse.table.HypothesesTable;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/** Reads the view {@code forecast_outcomes}. */
public final class OutcomeReader {
  private OutcomeReader() {}

  /** Reads the outcomes of all campaigns, in order of campaign and hypothesis. */
  public static List<HypothesisOutcome> read(SparkLake lake) {
    if (lake.kernel().version(HypothesesTable.TABLE) < 1) {
      return List.of();
    }
    lake.registerViews();
    return lake
        .spark()
        .sql("SELECT * FROM forecast_outcomes ORDER BY campaign_id, hypothesis_id")
        .collectAsList()
        .stream()
        .map(OutcomeReader::outcome)
        .toList();
  }

  private static HypothesisOutcome outcome(Row row) {
    return new HypothesisOutcome(
        row.getAs("campaign_id"),
        row.getAs("hypothesis_id"),
        row.getAs("claim"),
        row.getAs("rationale"),
        row.getList(row.fieldIndex("changes")),
        new ForecastOutcome(
            row.getAs("source"),
            row.<Double>getAs("claimed_low"),
            row.<Double>getAs("claimed_gain"),
            row.<Double>getAs("claimed_high"),
            row.<Double>getAs("claimed_p_failure"),
            number(row, "gain")),
        number(row, "noise"));
  }

  private static OptionalDouble number(Row row, String column) {
    Double number = row.getAs(column);
    return number == null || !Double.isFinite(number)
        ? OptionalDouble.empty()
        : OptionalDouble.of(number);
  }
}
