package dev.dormouse.io;

import dev.dormouse.model.Digests;
import dev.dormouse.table.Column;
import dev.dormouse.table.SparkTypes;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.Tables;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.SparkThrowable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The lake through Spark, for jobs with large computations. */
public final class SparkLake {
  /**
   * Delta refuses a write after a concurrent commit without side effects, so that it can be
   * retried.
   */
  private static final RetryPolicy<Object> ON_CONFLICT =
      RetryPolicy.builder()
          .handle(DeltaConcurrentModificationException.class)
          .withMaxRetries(8)
          .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(5))
          .withJitter(0.5)
          .build();

  private final SparkSession spark;
  private final KernelLake kernel;

  private SparkLake(SparkSession spark, Path root) {
    this.spark = spark;
    this.kernel = KernelLake.at(root);
  }

  /** Returns the lake in this directory, which need not exist yet. */
  public static SparkLake at(SparkSession spark, Path root) {
    return new SparkLake(spark, root);
  }

  /** Returns the session. */
  public SparkSession spark() {
    return spark;
  }

  /** Returns the same lake without Spark. */
  public KernelLake kernel() {
    return kernel;
  }

  /** Creates all missing tables. */
  public void createAll() {
    Tables.ALL.forEach(this::create);
  }

  /**
   * Creates a table if it is missing, through the engine that writes it. A table of an older
   * version gets the columns that came later.
   */
  public void create(Table table) {
    if (kernel.exists(table)) {
      retried(table, () -> addMissingColumns(table));
    } else if (table.writer() == Table.Writer.KERNEL) {
      kernel.create(table);
    } else {
      spark.sql(TableDdl.create(table, "delta.`" + path(table) + "`"));
    }
  }

  /** Returns the columns that were missing. */
  private List<Column> addMissingColumns(Table table) {
    List<String> names = kernel.columnNames(table);
    List<Column> missing =
        table.columns().stream()
            .filter(column -> column.nullable() && !names.contains(column.name()))
            .toList();
    if (!missing.isEmpty()) {
      spark.sql(TableDdl.addColumns(missing, "delta.`" + path(table) + "`"));
    }
    return missing;
  }

  /** Returns the newest version of a table. */
  public Dataset<Row> read(Table table) {
    return spark.read().format("delta").load(path(table));
  }

  /** Returns the newest version number of a table; -1 if the table does not exist. */
  public long version(Table table) {
    return kernel.version(table);
  }

  /**
   * Appends rows, matched by column name.
   *
   * @throws LakeException if a column is missing, unknown or of another type, or a row violates a
   *     constraint of the table; nothing is written then
   */
  public void append(Table table, Dataset<Row> rows) {
    save(table, writer(table, rows).mode("append"));
  }

  /**
   * Replaces the rows that satisfy a SQL condition on the table's columns, e.g. those of one
   * campaign; the new rows must satisfy it too.
   *
   * @throws LakeException as {@link #append} does
   */
  public void replaceWhere(Table table, String condition, Dataset<Row> rows) {
    save(table, writer(table, rows).mode("overwrite").option("replaceWhere", condition));
  }

  /**
   * Adds the rows whose key is not in the table yet. Of several rows with one key, an arbitrary one
   * is added.
   *
   * @return the number of added rows
   * @throws LakeException as {@link #append} does
   */
  public long mergeNew(Table table, Dataset<Row> rows) {
    Dataset<Row> candidates =
        RowRules.conformed(table, rows).dropDuplicates(table.key().toArray(String[]::new));
    String sameKey =
        table.key().stream()
            .map(key -> "old." + key + " = new." + key)
            .collect(Collectors.joining(" AND "));
    Row outcome =
        retried(
            table,
            () ->
                DeltaTable.forPath(spark, path(table))
                    .as("old")
                    .merge(candidates.as("new"), sameKey)
                    .whenNotMatched()
                    .insertAll()
                    .execute()
                    .first());
    return outcome.getLong(outcome.fieldIndex("num_inserted_rows"));
  }

  /**
   * Adds one row unless the table has one with its key. Costs much less than {@link #mergeNew}; two
   * that add the same row at once add it once.
   *
   * @param row a row of a table whose key begins with a text
   * @throws LakeException as {@link #append} does
   */
  public void addNew(TableRow row) {
    Table table = row.table();
    String first = table.key().get(0);
    // Delta skips what an application has written in this or a later version. The version is read
    // before the rows, so that of two writers that both miss the row one is skipped.
    String application = "row " + Digests.sha256(key(row).toString());
    long version = kernel.lastAppVersion(table, application) + 1;
    boolean there =
        kernel.readWhere(table, first, row.text(first)).rows().stream()
            .anyMatch(other -> key(other).equals(key(row)));
    if (!there) {
      save(
          table,
          writer(table, rows(table, List.of(row)))
              .mode("append")
              .option("txnAppId", application)
              .option("txnVersion", version));
    }
  }

  private static List<Object> key(TableRow row) {
    return row.table().key().stream().map(row::raw).toList();
  }

  /** Returns rows as a data set with the table's schema. */
  public Dataset<Row> rows(Table table, List<TableRow> rows) {
    return rows(spark, table, rows);
  }

  /** Returns rows as a data set with the table's schema; needs no lake. */
  public static Dataset<Row> rows(SparkSession spark, Table table, List<TableRow> rows) {
    // An RDD, as Spark traverses a whole list each time it plans.
    JavaRDD<Row> parallel =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(rows.stream().map(SparkTypes::toSpark).toList());
    return spark.createDataFrame(parallel, SparkTypes.schema(table));
  }

  /** Returns a small data set as rows of a table, matched by column name. */
  public List<TableRow> collect(Table table, Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> SparkTypes.fromSpark(table, row)).toList();
  }

  /**
   * Registers the tables, and the views over them, in the session by name. All tables must exist.
   */
  public void registerViews() {
    Tables.ALL.forEach(table -> read(table).createOrReplaceTempView(table.name()));
    Views.ALL.forEach((name, sql) -> spark.sql(sql).createOrReplaceTempView(name));
  }

  private static DataFrameWriter<Row> writer(Table table, Dataset<Row> rows) {
    return RowRules.conformed(table, rows).write().format("delta");
  }

  private void save(Table table, DataFrameWriter<Row> writer) {
    retried(
        table,
        () -> {
          writer.save(path(table));
          return table;
        });
  }

  private static <T> T retried(Table table, CheckedSupplier<T> write) {
    try {
      return Failsafe.with(ON_CONFLICT).get(write);
    } catch (FailsafeException e) {
      throw refused(table, e.getCause());
    } catch (RuntimeException e) {
      throw refused(table, e);
    }
  }

  private static LakeException refused(Table table, Throwable cause) {
    return new LakeException("Cannot write table " + table.name() + ": " + reason(cause), cause);
  }

  /** Returns the message of a violated rule, else the first line of the failure's message. */
  private static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable known
          && "USER_RAISED_EXCEPTION".equals(known.getCondition())) {
        return known.getMessageParameters().get("errorMessage");
      }
    }
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("unknown cause");
  }

  private String path(Table table) {
    return kernel.root().resolve(table.name()).toString();
  }
}
