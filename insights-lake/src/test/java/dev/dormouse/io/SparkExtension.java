package dev.dormouse.io;

import com.holdenkarau.spark.testing.JavaDataFrameSuiteBase;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives all tests of a module one embedded session, since starting one and its first Delta write
 * take seconds.
 */
public final class SparkExtension implements BeforeAllCallback {
  private static SparkSession session;

  @Override
  public void beforeAll(ExtensionContext context) {
    spark();
  }

  /** The shared session. */
  public static synchronized SparkSession spark() {
    if (session == null) {
      session = SparkSessions.embedded("tests");
      session.sparkContext().setLogLevel("ERROR");
      // The data of tests is tiny: compiling queries and planning them anew cost more than they
      // save.
      session.conf().set("spark.sql.codegen.wholeStage", "false");
      session.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
      session.conf().set("spark.sql.adaptive.enabled", "false");
    }
    return session;
  }

  /**
   * Asserts that two data sets have equal schemas and equal rows in one order, by
   * spark-testing-base.
   */
  public static void assertSameRows(Dataset<Row> expected, Dataset<Row> actual) {
    new Assertions().assertDataFrameEquals(expected, actual);
  }

  /**
   * spark-testing-base's suite is made for JUnit 4; we take its assertions and keep our session.
   */
  private static final class Assertions extends JavaDataFrameSuiteBase {
    private static final long serialVersionUID = 1L;

    @Override
    public SparkSession spark() {
      return SparkExtension.spark();
    }
  }
}
