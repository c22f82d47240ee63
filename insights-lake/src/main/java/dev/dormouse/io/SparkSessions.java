package dev.dormouse.io;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Spark sessions that speak Delta. */
public final class SparkSessions {
  private SparkSessions() {}

  /**
   * A session inside this process, sized for small lakes: two threads, two partitions, no web UI,
   * UTC.
   */
  public static SparkSession embedded(String appName) {
    return embedded(appName, 1);
  }

  /** As {@link #embedded(String)}, with this number of attempts of each task. */
  public static SparkSession embedded(String appName, int taskAttempts) {
    return delta(SparkSession.builder().appName(appName).master("local[2," + taskAttempts + "]"))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.adaptive.coalescePartitions.initialPartitionNum", "32")
        .config("spark.sql.warehouse.dir", unusedWarehouse())
        .config("spark.databricks.delta.snapshotPartitions", "2")
        .getOrCreate();
  }

  /**
   * Spark creates its warehouse directory, by default in the current one, although it is unused.
   */
  private static String unusedWarehouse() {
    return Path.of(
            System.getProperty("java.io.tmpdir"), "dormouse-" + System.getProperty("user.name"))
        .toUri()
        .toString();
  }

  private static SparkSession.Builder delta(SparkSession.Builder builder) {
    return builder
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config(HardLinkLogStore.SPARK_KEY, HardLinkLogStore.class.getName())
        .config("spark.databricks.delta.properties.defaults.enableDeletionVectors", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.datetime.java8API.enabled", "true");
  }
}
