package dev.dormouse.hypothesize;

import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** Reads the view {@code agent_drift}. */
public final class AgentDriftReader {
  private AgentDriftReader() {}

  /** Reads the campaigns with trials, in order of time. */
  public static List<AgentDrift> read(SparkLake lake) {
    lake.registerViews();
    return lake
        .spark()
        .sql("SELECT * FROM agent_drift ORDER BY began_at NULLS LAST, campaign_id")
        .collectAsList()
        .stream()
        .map(AgentDriftReader::campaign)
        .toList();
  }

  private static AgentDrift campaign(Row row) {
    TreeMap<String, Long> sources = new TreeMap<>();
    for (Source source : Source.values()) {
      long trials = count(row, "from_" + source.id());
      if (trials > 0) {
        sources.put(source.id(), trials);
      }
    }
    return new AgentDrift(
        row.getAs("campaign_id"),
        Optional.ofNullable(row.<Instant>getAs("began_at")),
        count(row, "confirmed"),
        count(row, "trials"),
        count(row, "repeats"),
        sources,
        new AgentDrift.Forecasts(
            count(row, "tried"),
            count(row, "measured"),
            count(row, "better"),
            count(row, "within80")));
  }

  private static long count(Row row, String column) {
    Number number = row.getAs(column);
    return number == null ? 0 : number.longValue();
  }
}
