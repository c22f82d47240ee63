package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.model.Metric;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What an import of one source would do, judged by its first rows.
 *
 * @param source file, directory or experiment
 * @param guessed true if the mapping was guessed from the names; false if it was given
 * @param mapping the mapping, as a mapping file holds it
 * @param metric what is known of the metric that the studies compare, without the lake
 * @param rows number of rows that were read
 * @param studies runs by the study that they would belong to
 * @param statuses runs by their status
 * @param reasons rows that would go to quarantine, by reason
 */
public record ImportPreview(
    String source,
    boolean guessed,
    JsonNode mapping,
    Metric metric,
    long rows,
    SortedMap<String, Long> studies,
    SortedMap<String, Long> statuses,
    SortedMap<String, Long> reasons) {
  /** The number of rows that a preview reads. */
  public static final int ROWS = 1_000;

  public ImportPreview {
    studies = Collections.unmodifiableSortedMap(new TreeMap<>(studies));
    statuses = Collections.unmodifiableSortedMap(new TreeMap<>(statuses));
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
  }

  /** Returns the mapping as the text of a mapping file. */
  public String mappingFile() {
    return RunMapping.text(mapping);
  }

  static ImportPreview of(
      String source, boolean guessed, RunMapping mapping, Metric metric, Dataset<Row> judged) {
    Dataset<Row> rows = judged.cache();
    try {
      Dataset<Row> good = rows.where(col(RunRules.REASON).isNull());
      return new ImportPreview(
          source,
          guessed,
          mapping.toTree(),
          metric,
          rows.count(),
          Quarantine.counts(good, "study"),
          Quarantine.counts(good, "status"),
          Quarantine.counts(rows.where(col(RunRules.REASON).isNotNull()), RunRules.REASON));
    } finally {
      rows.unpersist();
    }
  }
}
