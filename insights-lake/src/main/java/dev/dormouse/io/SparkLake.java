package dev.dormouse.io;

import dev.dormouse.table.Check;
import dev.dormouse.table.Column;
import dev.dormouse.table.SparkTypes;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.Tables;
import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The lake through Spark: for jobs that compute. */
public final class SparkLake {
  private final SparkSession spark;
  private final KernelLake kernel;

  private SparkLake(SparkSession spark, Path root) {
    this.spark = spark;
    this.kernel = KernelLake.at(root);
  }

  /** The lake in this directory, which need not exist yet. */
  public static SparkLake at(SparkSession spark, Path root) {
    return new SparkLake(spark, root);
  }

  /** The session. */
  public SparkSession spark() {
    return spark;
  }

  /** The same lake without Spark. */
  public KernelLake kernel() {
    return kernel;
  }

  /** Makes every table that is missing. */
  public void createAll() {
    kernel.createKernelTables();
    Tables.ALL.stream()
        .filter(table -> table.writer() == Table.Writer.SPARK && !kernel.exists(table))
        .forEach(table -> spark.sql(ddl(table)));
  }

  private String ddl(Table table) {
    String columns =
        table.columns().stream().map(SparkLake::columnDdl).collect(Collectors.joining(",\n  "));
    String properties =
        table.checks().stream()
            .map(
                check ->
                    ", 'delta.constraints." + check.name() + "' = '" + escaped(check.sql()) + "'")
            .collect(Collectors.joining());
    return "CREATE TABLE IF NOT EXISTS "
        + identifier(table)
        + " (\n  "
        + columns
        + "\n) USING delta COMMENT '"
        + escaped(table.comment())
        + "' TBLPROPERTIES ('delta.enableDeletionVectors' = 'false'"
        + properties
        + ")";
  }

  private static String columnDdl(Column column) {
    return column.name()
        + " "
        + column.type().sql()
        + (column.nullable() ? "" : " NOT NULL")
        + " COMMENT '"
        + escaped(column.comment())
        + "'";
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }

  private String identifier(Table table) {
    return "delta.`" + path(table) + "`";
  }

  private String path(Table table) {
    return kernel.root().resolve(table.name()).toString();
  }

  /** A table's newest version. */
  public Dataset<Row> read(Table table) {
    return spark.read().format("delta").load(path(table));
  }

  /** The table's newest version number; -1 if the table is not there. */
  public long version(Table table) {
    return kernel.version(table);
  }

  /**
   * Appends rows, matched by column name.
   *
   * @throws LakeException if columns are missing or unknown, or a constraint of the table is
   *     violated
   */
  public void append(Table table, Dataset<Row> rows) {
    try {
      conformed(table, rows).write().format("delta").mode("append").save(path(table));
    } catch (RuntimeException e) {
      throw explained(table, e);
    }
  }

  /**
   * Adds the rows whose key is not in the table yet.
   *
   * @return how many were added
   */
  public long mergeNew(Table table, Dataset<Row> rows) {
    String sameKey =
        table.key().stream()
            .map(key -> "old." + key + " = new." + key)
            .collect(Collectors.joining(" AND "));
    try {
      Dataset<Row> result =
          DeltaTable.forPath(spark, path(table))
              .as("old")
              .merge(conformed(table, rows).as("new"), sameKey)
              .whenNotMatched()
              .insertAll()
              .execute();
      return result.first().getLong(result.first().fieldIndex("num_inserted_rows"));
    } catch (RuntimeException e) {
      throw explained(table, e);
    }
  }

  /**
   * Replaces the rows that satisfy a condition on the table's columns, e.g. those of one campaign.
   */
  public void replaceWhere(Table table, String condition, Dataset<Row> rows) {
    try {
      conformed(table, rows)
          .write()
          .format("delta")
          .mode("overwrite")
          .option("replaceWhere", condition)
          .save(path(table));
    } catch (RuntimeException e) {
      throw explained(table, e);
    }
  }

  /** Rows as a data set with the table's schema. */
  public Dataset<Row> rows(Table table, List<TableRow> rows) {
    return spark.createDataFrame(
        rows.stream().map(SparkTypes::toSpark).toList(), SparkTypes.schema(table));
  }

  /** A small data set as rows of a table, matched by column name. */
  public List<TableRow> collect(Table table, Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> SparkTypes.fromSpark(table, row)).toList();
  }

  /** Makes the views for people known to the session, by name. */
  public void registerViews() {
    Tables.ALL.forEach(table -> read(table).createOrReplaceTempView(table.name()));
    Views.ALL.forEach((name, sql) -> spark.sql(sql).createOrReplaceTempView(name));
  }

  /**
   * The columns in the table's order and types; {@code Dataset.to} alone would drop unknown ones
   * silently.
   */
  private static Dataset<Row> conformed(Table table, Dataset<Row> rows) {
    StructType schema = SparkTypes.schema(table);
    TreeSet<String> unknown = new TreeSet<>(Arrays.asList(rows.columns()));
    unknown.removeAll(Arrays.asList(schema.fieldNames()));
    TreeSet<String> missing = new TreeSet<>(Arrays.asList(schema.fieldNames()));
    missing.removeAll(Arrays.asList(rows.columns()));
    if (!unknown.isEmpty() || !missing.isEmpty()) {
      throw new LakeException(
          "Cannot write table "
              + table.name()
              + ": unknown columns "
              + unknown
              + ", missing columns "
              + missing);
    }
    return rows.select(
        table.columns().stream()
            .map(column -> functions.col(column.name()).cast(SparkTypes.type(column.type())))
            .toArray(org.apache.spark.sql.Column[]::new));
  }

  private static LakeException explained(Table table, RuntimeException failure) {
    if (failure instanceof LakeException known) {
      return known;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("DELTA_VIOLATE_CONSTRAINT")
          || message.contains("DELTA_NOT_NULL_CONSTRAINT")) {
        String rules = table.checks().stream().map(Check::rule).collect(Collectors.joining("; "));
        return new LakeException(
            "Cannot write table "
                + table.name()
                + ": a row violates a constraint ("
                + message.lines().findFirst().orElse("")
                + "). Rules: "
                + rules,
            failure);
      }
    }
    return new LakeException(
        "Cannot write table " + table.name() + ": " + failure.getMessage(), failure);
  }
}
