package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE_MAP;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.LONGS;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRINGS;

/** {@code study_facts}: what each study says by itself; insights pool it. */
public final class StudyFactsTable {
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
}
