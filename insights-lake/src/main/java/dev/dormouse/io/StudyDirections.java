package dev.dormouse.io;

import dev.dormouse.model.MetricDirections;
import dev.dormouse.model.StatedDirection;
import dev.dormouse.table.StudyFactsTable;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Reads and writes the stated directions of the studies' metrics. */
public final class StudyDirections {
  private StudyDirections() {}

  /** Returns all that is stated in the lake. */
  public static MetricDirections read(SparkLake lake) {
    if (lake.version(StudyFactsTable.TABLE) < 0) {
      return MetricDirections.NONE;
    }
    return new MetricDirections(
        lake
            .kernel()
            .readWhere(StudyFactsTable.TABLE, "fact", StudyFactsTable.DIRECTION)
            .rows()
            .stream()
            .map(StudyFactsTable::decodeDirection)
            .toList());
  }

  /**
   * Adds statements. A study keeps an earlier one with the same direction unless the new one is
   * more reliable.
   */
  public static void add(SparkLake lake, Collection<StatedDirection> statements) {
    MetricDirections known = read(lake);
    List<StatedDirection> fresh =
        statements.stream()
            .filter(
                stated -> {
                  StatedDirection old = known.byStudy().get(stated.study());
                  return old == null || stated.basis().compareTo(old.basis()) < 0;
                })
            .toList();
    if (fresh.isEmpty()) {
      return;
    }
    lake.create(StudyFactsTable.TABLE);
    // What a plan states is one row, which a person waits for; an import states many at once.
    if (fresh.size() == 1) {
      lake.addNew(StudyFactsTable.encode(fresh.get(0)));
    } else {
      lake.mergeNew(StudyFactsTable.TABLE, rows(lake, fresh));
    }
  }

  /** Replaces all that was stated on these studies. */
  public static void replace(SparkLake lake, Collection<StatedDirection> statements) {
    if (!statements.isEmpty()) {
      lake.create(StudyFactsTable.TABLE);
      String studies =
          statements.stream().map(s -> literal(s.study())).collect(Collectors.joining(", "));
      lake.replaceWhere(
          StudyFactsTable.TABLE,
          "fact = '" + StudyFactsTable.DIRECTION + "' AND study IN (" + studies + ")",
          rows(lake, statements));
    }
  }

  private static Dataset<Row> rows(SparkLake lake, Collection<StatedDirection> statements) {
    return lake.rows(
        StudyFactsTable.TABLE, statements.stream().map(StudyFactsTable::encode).toList());
  }

  private static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
