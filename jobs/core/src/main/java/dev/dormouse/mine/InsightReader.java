package dev.dormouse.mine;

import dev.dormouse.io.KernelLake;
import dev.dormouse.model.Insight;
import dev.dormouse.table.InsightEvidenceTable;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads mined insights without Spark. */
public final class InsightReader {
  private InsightReader() {}

  /** Returns the insights of the newest mining, most useful first; none before the first mining. */
  public static List<Insight> newest(KernelLake lake) {
    return newestAt(lake, Instant.MAX);
  }

  /** Returns the insights that were in force at a time, most useful first. */
  public static List<Insight> newestAt(KernelLake lake, Instant time) {
    List<TableRow> all = lake.read(InsightsTable.TABLE).rows();
    Optional<Instant> newest =
        all.stream()
            .map(row -> row.instant("mined_at"))
            .filter(mined -> !mined.isAfter(time))
            .max(Comparator.naturalOrder());
    if (newest.isEmpty()) {
      return List.of();
    }
    Map<String, List<String>> evidence = new HashMap<>();
    for (TableRow row : lake.read(InsightEvidenceTable.TABLE).rows()) {
      if (row.instant("mined_at").equals(newest.get())) {
        evidence
            .computeIfAbsent(row.text("insight_id"), any -> new ArrayList<>())
            .add(row.text("run_id"));
      }
    }
    return all.stream()
        .filter(row -> row.instant("mined_at").equals(newest.get()))
        .sorted(Comparator.comparingLong(row -> row.number("rank")))
        .map(row -> InsightsTable.decode(row, id -> evidence.getOrDefault(id, List.of())))
        .toList();
  }
}
