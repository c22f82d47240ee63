package dev.dormouse.eval.replay;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Settings of Spark for histories so small that to compile queries and to plan them anew costs more
 * than it saves.
 */
final class SmallData {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.sql.codegen.wholeStage",
          "false",
          "spark.sql.codegen.factoryMode",
          "NO_CODEGEN",
          "spark.sql.adaptive.enabled",
          "false");

  private SmallData() {}

  /** Work with files. */
  interface Work<T> {
    T run() throws IOException;
  }

  /** Works with these settings, and restores those of before. */
  static <T> T with(SparkSession spark, Work<T> work) throws IOException {
    Map<String, String> before = new HashMap<>();
    SETTINGS.keySet().forEach(key -> before.put(key, spark.conf().get(key)));
    SETTINGS.forEach(spark.conf()::set);
    try {
      return work.run();
    } finally {
      before.forEach(spark.conf()::set);
    }
  }
}
