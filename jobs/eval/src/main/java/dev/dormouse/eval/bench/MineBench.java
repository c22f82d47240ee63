package dev.dormouse.eval.bench;

import dev.dormouse.io.SparkLake;
import dev.dormouse.mine.Miner;
import dev.dormouse.mine.MiningSummary;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Measures how long mining a generated history takes. Each history is written in one Spark session
 * and mined in another. Where growth is measured, a small history is mined first, so that the time
 * for loading classes does not hide growth.
 */
public final class MineBench {
  /** The fewest runs of which a tenth is worth measuring. */
  public static final long FEWEST_RUNS_FOR_GROWTH = 10_000;

  private static final long RUNS_TO_WARM_UP = 2_000;
  private static final int PARTS_OF_GROWTH = 10;
  private static final Instant MINED_AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final double NANOS = 1e9;

  /** Runs jobs, each in a Spark session of its own. */
  public interface Sessions {
    /** Runs a job and returns its result. */
    <T> T run(Function<SparkSession, T> job);
  }

  /**
   * What to measure.
   *
   * @param runs size of the history
   * @param parameters number of parameters of a run
   * @param seed of the generator
   * @param growth whether a history of a tenth of the size is measured too
   * @param directory an empty directory for the generated lakes
   * @param duckDb the other engine, if it is installed
   */
  public record Request(
      long runs,
      int parameters,
      long seed,
      boolean growth,
      Path directory,
      Optional<DuckDbEffects> duckDb) {}

  private record Timed<T>(double seconds, T result) {}

  private final Sessions sessions;
  private final Consumer<String> progress;

  /**
   * Prepares a benchmark.
   *
   * @param progress receives one line per step
   */
  public MineBench(Sessions sessions, Consumer<String> progress) {
    this.sessions = sessions;
    this.progress = progress;
  }

  /** Generates, mines and compares; if DuckDB fails, the rest is reported without it. */
  public MineBenchResult run(Request request) {
    Path large = generated(request, request.runs(), "lake");
    long tenth = request.runs() / PARTS_OF_GROWTH;
    double warmUp = 0;
    double small = 0;
    if (request.growth()) {
      warmUp = mined(generated(request, RUNS_TO_WARM_UP, "lake-warm-up")).seconds();
      small = mined(generated(request, tenth, "lake-tenth")).seconds();
    }
    Timed<MiningSummary> mining = mined(large);
    Optional<MineBenchResult.Growth> growth =
        request.growth()
            ? Optional.of(
                new MineBenchResult.Growth(
                    tenth, small, warmUp, mining.seconds() / (small * request.runs() / tenth)))
            : Optional.empty();
    Optional<Double> memory = PeakMemory.gigabytes().stream().boxed().findFirst();
    Path minedSlices = request.directory().resolve("slices-miner");
    Timed<Long> slices = slices(large, minedSlices);
    Optional<MineBenchResult.DuckDb> duckDb = Optional.empty();
    if (request.duckDb().isPresent()) {
      duckDb = compared(request.duckDb().get(), large, minedSlices, request);
    }
    return new MineBenchResult(
        new MineBenchResult.History(request.runs(), request.parameters(), request.seed()),
        new MineBenchResult.Mining(mining.seconds(), memory, mining.result().insights().size()),
        new MineBenchResult.Steps(slices.result(), slices.seconds()),
        growth,
        duckDb);
  }

  private Path generated(Request request, long runs, String name) {
    Path lake = request.directory().resolve(name);
    progress.accept("Generating " + runs + " runs in " + lake + " ...");
    sessions.run(
        spark -> {
          SparkLake sparkLake = SparkLake.at(spark, lake);
          sparkLake.createAll();
          sparkLake.append(
              RunsTable.TABLE,
              HistoryGenerator.runs(spark, runs, request.parameters(), request.seed()));
          return lake;
        });
    return lake;
  }

  private Timed<MiningSummary> mined(Path lake) {
    progress.accept("Mining " + lake + " ...");
    return timed(spark -> Miner.mine(SparkLake.at(spark, lake), MINED_AT));
  }

  private Timed<Long> slices(Path lake, Path out) {
    progress.accept("Computing the paired effects alone ...");
    return timed(
        spark -> {
          Dataset<Row> runs = SparkLake.at(spark, lake).read(RunsTable.TABLE);
          Miner.slices(runs)
              .selectExpr(
                  "study",
                  "metric",
                  "model_variant",
                  "parameter",
                  "`from`",
                  "`to`",
                  "gain AS difference",
                  "CAST(n_pairs AS BIGINT) AS n_pairs")
              .write()
              .parquet(out.toString());
          return spark.read().parquet(out.toString()).count();
        });
  }

  private <T> Timed<T> timed(Function<SparkSession, T> job) {
    return sessions.run(
        spark -> {
          long began = System.nanoTime();
          T result = job.apply(spark);
          return new Timed<>((System.nanoTime() - began) / NANOS, result);
        });
  }

  private Optional<MineBenchResult.DuckDb> compared(
      DuckDbEffects duckDb, Path lake, Path minedSlices, Request request) {
    progress.accept("Computing the same in DuckDB ...");
    Path out = request.directory().resolve("slices-duckdb.parquet");
    // One append to a fresh table: its files are its newest version.
    Path runs = lake.resolve(RunsTable.TABLE.name()).resolve("*.parquet");
    DuckDbEffects.Outcome outcome;
    try {
      outcome = duckDb.run(runs.toString(), out, request.directory());
    } catch (IOException e) {
      progress.accept("No comparison: " + e.getMessage());
      return Optional.empty();
    }
    SliceComparison comparison =
        sessions.run(
            spark ->
                SliceComparison.of(
                    spark.read().parquet(minedSlices.toString()),
                    spark.read().parquet(out.toString())));
    return Optional.of(new MineBenchResult.DuckDb(outcome.seconds(), outcome.slices(), comparison));
  }
}
