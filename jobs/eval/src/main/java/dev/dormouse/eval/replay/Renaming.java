package dev.dormouse.eval.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Replaces names of models and data in what a replay shows to the planner.
 *
 * @param aliases the names to use instead; empty: the names stay
 */
record Renaming(Optional<Names> aliases) {
  /** Leaves all names. */
  static final Renaming NONE = new Renaming(Optional.empty());

  /** Other names of model variants, and of data sets, feature sets and families. */
  record Names(Aliases models, Aliases data) {}

  /** Returns meaningless names for all models and data sets in results and history. */
  static Renaming meaningless(List<KnownResult> results, List<Dataset<Row>> history) {
    List<String> models = new ArrayList<>();
    List<String> data = new ArrayList<>();
    results.forEach(result -> models.add(result.arm().modelVariant()));
    for (Dataset<Row> runs : history) {
      models.addAll(names(runs, "model_variant"));
      data.addAll(names(runs, "dataset_version"));
      data.addAll(names(runs, "feature_set"));
      data.addAll(names(runs, "family"));
    }
    return new Renaming(
        Optional.of(new Names(new Aliases("model", models), new Aliases("data", data))));
  }

  private static List<String> names(Dataset<Row> runs, String column) {
    return runs.where(runs.col(column).isNotNull())
        .select(column)
        .distinct()
        .as(Encoders.STRING())
        .collectAsList();
  }

  KnownResult of(KnownResult result) {
    return aliases.map(names -> result.as(names.models().of(result.arm()))).orElse(result);
  }

  Dataset<Row> of(Dataset<Row> runs) {
    return aliases
        .map(names -> VisibleHistory.renamed(runs, names.models(), names.data()))
        .orElse(runs);
  }

  /** Returns the new names of data families. */
  Set<String> ofData(Set<String> families) {
    return aliases
        .map(names -> families.stream().map(names.data()::of).collect(Collectors.toSet()))
        .orElse(families);
  }
}
