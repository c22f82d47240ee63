package dev.dormouse.mine;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Persists data sets that a job reads more than once, until it is closed. */
final class Cached implements AutoCloseable {
  private final List<Dataset<Row>> kept = new ArrayList<>();

  Dataset<Row> keep(Dataset<Row> rows) {
    kept.add(rows.persist());
    return rows;
  }

  @Override
  public void close() {
    kept.forEach(Dataset::unpersist);
  }
}
