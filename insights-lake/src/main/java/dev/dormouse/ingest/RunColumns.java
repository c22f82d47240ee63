package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.map_concat;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.model.Arm;
import dev.dormouse.model.RunStatus;
import dev.dormouse.table.ColumnType;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.SparkTypes;
import dev.dormouse.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import scala.jdk.javaapi.CollectionConverters;

/**
 * From a source's columns to those of {@code runs}, with a column that says what is wrong with a
 * row, if anything.
 */
final class RunColumns {
  /** Name of the column with the reason for quarantine; null for good rows. */
  static final String REASON = "_reason";

  /** Name of the column with the source's row as JSON. */
  static final String CONTENT = "_content";

  /** At or below this a validation AUC says that the run learnt nothing. */
  private static final double CHANCE_AUC = 0.52;

  // Values must be spelt just as the campaigns spell them, so the one spelling of the model is
  // used. Import is not hot.
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

  private RunColumns() {}

  private static Arm arm(String model, scala.collection.Map<String, String> params) {
    TreeMap<String, String> present = new TreeMap<>();
    CollectionConverters.asJava(params)
        .forEach(
            (name, value) -> {
              if (value != null && !name.equals(Arm.MODEL)) {
                present.put(name, value);
              }
            });
    return new Arm(model, present);
  }

  /** The rows with the columns of {@code runs}, {@link #REASON} and {@link #CONTENT}. */
  static Dataset<Row> mapped(Dataset<Row> source, RunMapping mapping, String label) {
    Column model = coalesce(text(mapping.modelVariant()), lit(""));
    Column rawParams = params(source, mapping.params());
    Column metrics = metrics(mapping.metrics());
    Column value = metrics.getItem(mapping.metric());
    return source
        .select(
            to_json(struct(col("*"))).as(CONTENT),
            col(quoted(mapping.runId())).cast("string").as("run_id"),
            col(quoted(mapping.dataset())).cast("string").as("dataset"),
            coalesce(text(mapping.features()), lit("all")).as("features"),
            lit(mapping.metric()).as("metric"),
            lit(mapping.split().orElse("validation")).as("metric_split"),
            coalesce(text(mapping.family()), col(quoted(mapping.dataset())).cast("string"))
                .as("family"),
            CONFIG_ID.apply(model, rawParams).as("config_id"),
            model.as("model_variant"),
            CANONICAL.apply(model, rawParams).as("params"),
            optional(mapping.seed(), "bigint").as("seed"),
            status(mapping, value).as("status"),
            metrics.as("metrics"),
            value.as("value"),
            optional(mapping.costSeconds(), "double").divide(3600).as("cost_gpu_hours"),
            when(
                    optional(mapping.costSeconds(), "double").isNotNull(),
                    lit(mapping.costSource().orElse("measured")))
                .otherwise("unknown")
                .as("cost_source"),
            optional(mapping.startedAt(), "timestamp").as("started_at"),
            optional(mapping.finishedAt(), "timestamp").as("finished_at"),
            coalesce(text(mapping.source()), lit(label)).as("source"),
            provenance(mapping, label).as("provenance"),
            lit(null).cast("string").as("campaign_id"),
            lit(null).cast("string").as("trial_id"),
            lit(0).as("attempt"))
        .withColumn(
            "study",
            concat_ws(
                "",
                col("dataset"),
                lit("/"),
                col("features"),
                lit(":"),
                col("metric"),
                lit("@"),
                col("metric_split")))
        .withColumn("_copy", row_number().over(Window.partitionBy("run_id").orderBy(col(CONTENT))))
        .withColumn(REASON, reason())
        .drop("_copy");
  }

  private static Column reason() {
    List<String> statuses = Arrays.stream(RunStatus.values()).map(RunStatus::id).toList();
    return when(blank("run_id"), "it has no run id")
        .when(col("_copy").gt(1), "another row of the source has the same run id")
        .when(blank("dataset"), "it has no data set")
        .when(
            col("model_variant")
                .equalTo("")
                .and(org.apache.spark.sql.functions.size(col("params")).equalTo(0)),
            "it has neither a model variant nor parameters")
        .when(not(col("status").isInCollection(statuses)), "its status is unknown")
        .when(
            col("status").equalTo("ok").and(col("value").isNull()),
            "it is ok but has no value of the study's metric")
        .when(col("cost_gpu_hours").lt(0), "its cost is negative")
        .otherwise(lit(null).cast("string"));
  }

  private static Column blank(String column) {
    return col(column).isNull().or(org.apache.spark.sql.functions.trim(col(column)).equalTo(""));
  }

  private static Column status(RunMapping mapping, Column value) {
    Column told =
        when(value.isNull(), RunStatus.NO_RESULT.id())
            .when(
                lit(mapping.metric().endsWith("auc")).and(value.lt(CHANCE_AUC)),
                RunStatus.COLLAPSED.id())
            .otherwise(RunStatus.OK.id());
    return coalesce(lower(text(mapping.status())), told);
  }

  private static Column provenance(RunMapping mapping, String label) {
    Column[] parts =
        mapping.provenance().stream()
            .map(name -> col(quoted(name)).cast("string"))
            .toArray(Column[]::new);
    return parts.length == 0 ? lit(label) : concat_ws(" ", parts);
  }

  private static Column params(Dataset<Row> source, RunMapping.Params params) {
    Column none = map_from_arrays(array().cast("array<string>"), array().cast("array<string>"));
    if (params.column().isPresent()) {
      return coalesce(col(quoted(params.column().get())).cast("map<string,string>"), none);
    }
    String prefix =
        params
            .prefix()
            .orElseThrow(
                () -> new ImportException("The mapping's params need 'column' or 'prefix'"));
    List<String> columns =
        Arrays.stream(source.columns()).filter(name -> name.startsWith(prefix)).toList();
    Column names =
        array(
            columns.stream()
                .map(name -> lit(name.substring(prefix.length())))
                .toArray(Column[]::new));
    Column values =
        array(
            columns.stream().map(name -> col(quoted(name)).cast("string")).toArray(Column[]::new));
    return map_filter(
        map_concat(map_from_arrays(names, values)), (name, value) -> value.isNotNull());
  }

  private static Column metrics(Map<String, String> metrics) {
    Column names =
        array(
            metrics.keySet().stream()
                .map(org.apache.spark.sql.functions::lit)
                .toArray(Column[]::new));
    Column values =
        array(
            metrics.values().stream()
                .map(name -> col(quoted(name)).cast("double"))
                .toArray(Column[]::new));
    return map_filter(
        map_from_arrays(names, values),
        (name, value) ->
            value
                .isNotNull()
                .and(not(org.apache.spark.sql.functions.isnan(value)))
                .and(org.apache.spark.sql.functions.abs(value).lt(Double.POSITIVE_INFINITY)));
  }

  private static Column text(Optional<String> column) {
    return optional(column, "string");
  }

  private static Column optional(Optional<String> column, String type) {
    return column.map(name -> col(quoted(name)).cast(type)).orElse(lit(null).cast(type));
  }

  /** Column names may hold dots. */
  private static String quoted(String name) {
    return "`" + name + "`";
  }

  /** Only the columns of {@code runs}. */
  static Dataset<Row> runs(Dataset<Row> mapped) {
    Table table = RunsTable.TABLE;
    return mapped
        .where(col(REASON).isNull())
        .select(table.columns().stream().map(column -> col(column.name())).toArray(Column[]::new));
  }
}
