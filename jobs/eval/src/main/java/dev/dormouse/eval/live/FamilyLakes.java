package dev.dormouse.eval.live;

import dev.dormouse.eval.replay.VisibleHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes lakes that hold all history but that of some data families, imported and mined by the
 * command line. Each is made once and copied for each campaign.
 *
 * <p>A directory with lakes of an earlier call is used again. Its lakes are out of date once the
 * history or what imports and mines it changes; the caller must then name another directory.
 */
public final class FamilyLakes {
  static final String DEPLOYMENT = "dormouse.properties";

  private static final String RUNS = VisibleHistory.RUNS;
  private static final String CURVES = "learning_curves.parquet";
  private static final String RUN_ID = "experiment_id";

  private final SparkSession spark;
  private final List<Path> history;
  private final Path directory;

  /**
   * Prepares lakes.
   *
   * @param history directories with an {@code experiments.parquet} of past runs
   * @param directory for the lakes: does not exist, is empty, or has those of an earlier call
   */
  public FamilyLakes(SparkSession spark, List<Path> history, Path directory) {
    this.spark = spark;
    this.history = List.copyOf(history);
    this.directory = directory;
  }

  /** Makes the lake without some families, unless there is one already. */
  public void make(List<String> families) throws IOException {
    if (Files.exists(home(families))) {
      return;
    }
    Files.createDirectories(directory);
    Path home = Files.createTempDirectory(directory, "unfinished-");
    List<String> importing = new ArrayList<>(List.of("import", "--from", "parquet"));
    for (Path source : history) {
      Path visible = Files.createDirectories(home.resolve("history-" + importing.size()));
      copyVisible(source, families, visible);
      importing.add(visible.toString());
    }
    Commands commands = new Commands(deployment(home));
    if (!history.isEmpty()) {
      commands.run(importing.toArray(String[]::new));
      commands.run("mine");
    }
    Files.move(home, home(families));
  }

  private Path home(List<String> families) {
    return directory.resolve("without-" + String.join("-", families));
  }

  /** Writes the history in a directory to another one, without the runs of some families. */
  void copyVisible(Path source, List<String> families, Path target) throws IOException {
    if (!Files.exists(source.resolve(RUNS))) {
      throw new IllegalArgumentException("There is no " + RUNS + " in " + source);
    }
    Dataset<Row> runs =
        VisibleHistory.without(spark.read().parquet(source.resolve(RUNS).toString()), families);
    VisibleHistory.write(runs, target.resolve(RUNS));
    if (Files.exists(source.resolve(CURVES))) {
      Dataset<Row> points = spark.read().parquet(source.resolve(CURVES).toString());
      VisibleHistory.write(points.join(runs.select(RUN_ID), RUN_ID), target.resolve(CURVES));
    }
  }

  /** Copies the lake without some families to a new directory that becomes a deployment. */
  public void copy(List<String> families, Path target) throws IOException {
    Path lake = home(families).resolve("lake");
    Path copy = Files.createDirectories(target).resolve("lake");
    if (Files.exists(lake)) {
      try (Stream<Path> files = Files.walk(lake)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.copy(file, copy.resolve(lake.relativize(file)));
        }
      }
    }
    deployment(target);
  }

  private static Path deployment(Path home) throws IOException {
    return Files.writeString(home.resolve(DEPLOYMENT), "lake=lake\nwork.dir=work\n");
  }
}
