package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Metric;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.ColumnType;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.SparkTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/** Maps the columns of a source to those of {@code runs}. */
final class RunColumns {
  /** Name of the column with the source's row as JSON. */
  static final String CONTENT = "_content";

  // Values must have the canonical spelling that campaigns use, which only Arm implements. Import
  // is not performance-critical.
  private static final UserDefinedFunction CANONICAL =
      udf(
          (UDF2<String, scala.collection.Map<String, String>, Map<String, String>>)
              (model, params) -> arm(model, params).params(),
          SparkTypes.type(ColumnType.STRING_MAP));
  private static final UserDefinedFunction CONFIG_ID =
      udf(
          (UDF2<String, scala.collection.Map<String, String>, String>)
              (model, params) -> arm(model, params).configId(),
          DataTypes.StringType);
  private static final UserDefinedFunction VARIANT =
      udf(
          (UDF2<String, scala.collection.Map<String, String>, String>)
              (model, params) -> arm(model, params).modelVariant(),
          DataTypes.StringType);

  private static final Column NO_TEXT = lit(null).cast("string");

  private RunColumns() {}

  /** Returns the arm; parameter "model" names the variant unless a column does. */
  private static Arm arm(String model, scala.collection.Map<String, String> params) {
    TreeMap<String, String> present = new TreeMap<>();
    CollectionConverters.asJava(params)
        .forEach(
            (name, value) -> {
              if (value != null) {
                present.put(name, value);
              }
            });
    if (!model.isBlank()) {
      present.put(Arm.MODEL, model);
    }
    return Arm.of(present);
  }

  /**
   * Returns the rows with the columns of {@code runs} and {@link #CONTENT}, good and bad.
   *
   * @param metric what is known of the mapping's metric
   * @param label value of column {@code source} where the mapping names none
   */
  static Dataset<Row> mapped(Dataset<Row> rows, RunMapping mapping, Metric metric, String label) {
    SourceColumns source = new SourceColumns(rows.schema());
    Column model = coalesce(source.text(mapping.modelVariant()), lit(""));
    Column params = coalesce(params(source, mapping.params()), noTexts());
    Column value = source.number(Optional.of(mapping.metrics().get(mapping.metric())));
    Column cost =
        coalesce(
            source.presentNumber(mapping.costSeconds()).divide(3600),
            source.presentNumber(mapping.costGpuHours()));
    return rows.select(
            RunRules.unreadable(source, mapping).as(RunRules.UNREADABLE),
            to_json(struct(col("*"))).as(CONTENT),
            source.text(Optional.of(mapping.runId())).as("run_id"),
            source.text(Optional.of(mapping.dataset())).as("dataset"),
            coalesce(source.text(mapping.features()), lit("all")).as("features"),
            lit(mapping.metric()).as("metric"),
            lit(mapping.split().orElse(StudyKey.VALIDATION)).as("metric_split"),
            coalesce(source.text(mapping.family()), source.text(Optional.of(mapping.dataset())))
                .as("family"),
            CONFIG_ID.apply(model, params).as("config_id"),
            VARIANT.apply(model, params).as("model_variant"),
            CANONICAL.apply(model, params).as("params"),
            source.wholeNumber(mapping.seed()).as("seed"),
            status(source.text(mapping.status()), metric, value).as("status"),
            metrics(source, mapping.metrics()).as("metrics"),
            when(finite(value), value).as("value"),
            cost.as("cost_gpu_hours"),
            when(cost.isNull(), CostOrigin.UNKNOWN.id())
                .otherwise(costSource(source, mapping.costSource()))
                .as("cost_source"),
            source.text(mapping.sweep()).as("sweep"),
            source.wholeNumber(mapping.trainSamples()).as("train_samples"),
            source.instant(mapping.startedAt()).as("started_at"),
            source.instant(mapping.finishedAt()).as("finished_at"),
            coalesce(source.text(mapping.source()), lit(label)).as("source"),
            provenance(source, mapping, label).as("provenance"),
            lit(null).cast("string").as("campaign_id"),
            lit(null).cast("string").as("trial_id"),
            lit(0).as("attempt"))
        .withColumn("study", study());
  }

  /** Returns the study id, as {@link StudyKey#id()} writes it. */
  private static Column study() {
    return functions.concat(
        col("dataset"),
        lit("/"),
        col("features"),
        lit(":"),
        col("metric"),
        lit("@"),
        col("metric_split"));
  }

  /**
   * Returns the status that the source states in our words or those of other trackers, else the one
   * that follows from the study's metric. A tracker's "finished" only means that the run ended.
   */
  private static Column status(Column told, Metric metric, Column value) {
    Column word = lower(trim(told));
    return coalesce(
        when(word.isin("", "finished", "complete", "completed", "success", "succeeded"), NO_TEXT)
            .when(word.isin("fail", "error", "crashed"), RunStatus.FAILED.id())
            .when(word.equalTo("killed"), RunStatus.INFRA.id())
            .when(word.equalTo("pruned"), RunStatus.ABANDONED.id())
            .otherwise(word),
        when(value.isNull(), RunStatus.NO_RESULT.id())
            .when(not(finite(value)), RunStatus.DIVERGED.id())
            .when(collapsed(metric, value), RunStatus.COLLAPSED.id())
            .otherwise(RunStatus.OK.id()));
  }

  private static Column collapsed(Metric metric, Column value) {
    if (metric.collapseLevel().isEmpty()) {
      return lit(false);
    }
    double level = metric.collapseLevel().getAsDouble();
    return metric.direction() == Direction.MAXIMIZE ? value.lt(level) : value.gt(level);
  }

  static Column finite(Column number) {
    return not(isnan(number)).and(abs(number).lt(Double.POSITIVE_INFINITY));
  }

  private static Column costSource(SourceColumns source, Optional<RunMapping.CostSource> mapping) {
    if (mapping.isEmpty()) {
      return lit(CostOrigin.MEASURED.id());
    }
    Column told = source.text(mapping.get().column());
    Column meaning = lit(mapping.get().otherwise());
    for (Map.Entry<String, String> known : mapping.get().values().entrySet()) {
      meaning = when(told.equalTo(known.getKey()), known.getValue()).otherwise(meaning);
    }
    return meaning;
  }

  private static Column provenance(SourceColumns source, RunMapping mapping, String label) {
    Column[] parts =
        mapping.provenance().stream()
            .map(name -> source.text(Optional.of(name)))
            .toArray(Column[]::new);
    return parts.length == 0 ? lit(label) : concat_ws(" ", parts);
  }

  private static Column params(SourceColumns source, RunMapping.Params params) {
    return params.except().isEmpty()
        ? allParams(source, params)
        : map_filter(
            allParams(source, params), (name, value) -> not(name.isInCollection(params.except())));
  }

  private static Column allParams(SourceColumns source, RunMapping.Params params) {
    if (params.column().isPresent()) {
      return source.textMap(params.column().get());
    }
    String prefix = params.prefix().orElseThrow();
    List<String> columns = source.names().stream().filter(name -> name.startsWith(prefix)).toList();
    return map_from_arrays(
        array(
            columns.stream()
                .map(name -> lit(name.substring(prefix.length())))
                .toArray(Column[]::new)),
        array(columns.stream().map(name -> source.text(Optional.of(name))).toArray(Column[]::new)));
  }

  private static Column noTexts() {
    return functions.map().cast(SparkTypes.type(ColumnType.STRING_MAP));
  }

  private static Column metrics(SourceColumns source, Map<String, String> metrics) {
    Column names = array(metrics.keySet().stream().map(functions::lit).toArray(Column[]::new));
    Column values =
        array(
            metrics.values().stream()
                .map(name -> source.number(Optional.of(name)))
                .toArray(Column[]::new));
    return map_filter(
        map_from_arrays(names, values), (name, value) -> value.isNotNull().and(finite(value)));
  }

  /** Returns only the columns of {@code runs}. */
  static Dataset<Row> runs(Dataset<Row> mapped) {
    return mapped.select(
        RunsTable.TABLE.columns().stream()
            .map(column -> col(column.name()))
            .toArray(Column[]::new));
  }
}
