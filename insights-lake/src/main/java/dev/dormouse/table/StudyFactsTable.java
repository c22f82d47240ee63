package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE_MAP;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.LONGS;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRINGS;

import dev.dormouse.model.Metric;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.StatedDirection;
import java.util.List;
import java.util.TreeMap;

/** {@code study_facts}: what each study says by itself; insights pool it. */
public final class StudyFactsTable {
  /**
   * Value of column {@code fact} in rows that keep the stated direction of the study's metric.
   * Imports and plans write these rows, mining leaves them alone. Their {@code to_values} are
   * direction, basis and origin.
   */
  public static final String DIRECTION = "direction";

  public static final Table TABLE =
      Table.named(
              "study_facts",
              Table.Writer.SPARK,
              "What each study says by itself: what insights are pooled from, so that mining again looks only at studies with new runs")
          .required("study", STRING, "The study")
          .required(
              "fingerprint", LONG, "Of the study's runs and curves when the fact was computed")
          .required("fact", STRING, "What sort of fact it is")
          .required("metric", STRING, "The study's metric")
          .required("model_variant", STRING, "Model variant that it is about; empty: all")
          .required("parameters", STRINGS, "Parameters that it is about")
          .required("from_values", STRINGS, "Their values before, if it is about a step")
          .required("to_values", STRINGS, "Their values after, or the values that it is about")
          .required("numbers", DOUBLE_MAP, "The numbers by name")
          .required("evidence", LONGS, "Some runs that it rests on, as xxhash64 of run_id")
          .key("study", "fact", "model_variant", "parameters", "from_values", "to_values")
          .build();

  private StudyFactsTable() {}

  /** Returns the row of a stated direction. */
  public static TableRow encode(StatedDirection stated) {
    return TableRow.of(TABLE)
        .set("study", stated.study())
        .set("fingerprint", 0L)
        .set("fact", DIRECTION)
        .set("metric", stated.metric())
        .set("model_variant", "")
        .set("parameters", List.of())
        .set("from_values", List.of())
        .set("to_values", List.of(stated.direction().id(), stated.basis().id(), stated.origin()))
        .set("numbers", new TreeMap<String, Double>())
        .set("evidence", List.of())
        .build();
  }

  /** Returns the stated direction in a row with fact {@link #DIRECTION}. */
  public static StatedDirection decodeDirection(TableRow row) {
    List<String> values = row.texts("to_values");
    return new StatedDirection(
        row.text("study"),
        row.text("metric"),
        Direction.fromId(values.get(0)).orElseThrow(),
        Metric.Basis.fromId(values.get(1)),
        values.get(2));
  }
}
