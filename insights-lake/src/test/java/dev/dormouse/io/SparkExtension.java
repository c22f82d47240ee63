package dev.dormouse.io;

import com.holdenkarau.spark.testing.JavaDataFrameSuiteBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
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
  private static Path emptyLake;

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
    // Encoders read the configuration of the thread's session, and classes run on several threads.
    SparkSession.setActiveSession(session);
    return session;
  }

  /**
   * Makes a lake with empty tables: a copy of one that is made once, since creating a table takes
   * Spark a quarter of a second and more.
   *
   * @param root does not exist, or is empty
   */
  public static synchronized SparkLake emptyLake(Path root) {
    try {
      if (emptyLake == null) {
        Path made = Files.createTempDirectory("empty-lake");
        SparkLake.at(spark(), made).createAll();
        emptyLake = made;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
      }
      copy(emptyLake, root);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make an empty lake at " + root, e);
    }
    return SparkLake.at(spark(), root);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
