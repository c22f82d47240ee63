package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.bench.DuckDbEffects;
import dev.dormouse.eval.bench.HistoryGenerator;
import dev.dormouse.eval.bench.MineBench;
import dev.dormouse.eval.bench.MineBenchResult;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench mine}. */
@Command(
    name = "mine",
    mixinStandardHelpOptions = true,
    description =
        "Generates a history, mines it, and compares the paired effects with a hand-written query"
            + " in DuckDB.")
final class BenchMineCommand implements Callable<Integer> {
  /** Names the variable with a Python environment that has DuckDB; {@code ./dormouse} sets it. */
  static final String PYTHON = "DORMOUSE_BENCH_PYTHON";

  private static final long FEWEST_RUNS = 1_000;
  private static final long MOST_RUNS = 100_000_000;
  private static final int MOST_PARAMETERS = 100;

  @Option(
      names = "--runs",
      required = true,
      paramLabel = "N",
      description = "Runs in the history, e.g. 1000000.")
  private long runs;

  @Option(
      names = "--params",
      paramLabel = "P",
      defaultValue = "20",
      description = "Parameters of a run (default: ${DEFAULT-VALUE}).")
  private int parameters;

  @Mixin private SeedOption seed;

  @Option(
      names = "--no-growth",
      description =
          "Do not also mine a small history and a tenth of the runs (done from 10,000 runs on).")
  private boolean noGrowth;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Empty directory that keeps the generated lakes (default: a temporary one).")
  private Optional<Path> directory;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException {
    checkSizes();
    if (directory.isPresent()) {
      print(measured(requireEmpty(directory.get())));
    } else {
      try (ScratchDirectory scratch = ScratchDirectory.create()) {
        print(measured(scratch.path()));
      }
    }
    return ExitCode.OK;
  }

  private void checkSizes() {
    if (runs < FEWEST_RUNS || runs > MOST_RUNS) {
      throw CommandException.badInput(
          "--runs is " + runs + "; it must be from " + FEWEST_RUNS + " to " + MOST_RUNS + ".");
    }
    if (parameters < HistoryGenerator.FEWEST_PARAMETERS || parameters > MOST_PARAMETERS) {
      throw CommandException.badInput(
          "--params is "
              + parameters
              + "; it must be from "
              + HistoryGenerator.FEWEST_PARAMETERS
              + " to "
              + MOST_PARAMETERS
              + ".");
    }
  }

  private static Path requireEmpty(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw CommandException.badInput(directory + " is not empty; choose another --dir.");
      }
    }
    return directory.toAbsolutePath().normalize();
  }

  private MineBenchResult measured(Path work) {
    Optional<DuckDbEffects> duckDb =
        LauncherEnvironment.directory(PYTHON).flatMap(DuckDbEffects::with);
    if (duckDb.isEmpty()) {
      output
          .err()
          .println(
              "No comparison with DuckDB: " + PYTHON + " names no Python environment that has it.");
    }
    boolean growth = !noGrowth && runs >= MineBench.FEWEST_RUNS_FOR_GROWTH;
    return new MineBench(SparkJobs::withSession, output.progress())
        .run(new MineBench.Request(runs, parameters, seed.seed(), growth, work, duckDb));
  }

  private void print(MineBenchResult result) {
    PrintWriter out = output.out();
    if (output.isJson()) {
      output.printJsonLine(result);
    } else {
      lines(result).forEach(out::println);
    }
  }

  private static List<String> lines(MineBenchResult result) {
    Stream<String> mining =
        Stream.of(
            text(
                "Mined %,d runs of %d parameters.",
                result.history().runs(), result.history().parameters()),
            text("Time: %.1f s.", result.mining().seconds()),
            result
                .mining()
                .peakMemoryGb()
                .map(gb -> text("Memory: at most %.2f GB resident, generating included.", gb))
                .orElse("Memory: not known on this system."),
            text(
                "Found: %,d insights; %,d steps of one parameter, which alone take %.1f s.",
                result.mining().insights(), result.steps().slices(), result.steps().seconds()));
    Stream<String> growth =
        result.growth().stream()
            .map(
                g ->
                    text(
                        "Growth: %,d runs take %.1f s; the whole takes %.2f times what is linear"
                            + " from there (warmed up before, in %.1f s).",
                        g.runs(), g.seconds(), g.ratio(), g.warmUpSeconds()));
    Stream<String> duckDb =
        result.duckDb().stream()
            .flatMap(
                d ->
                    Stream.of(
                        text(
                            "DuckDB: the same steps in %.1f s; mining takes %.1f times that, the"
                                + " steps alone %.1f times.",
                            d.seconds(),
                            result.ratioToDuckDb().orElseThrow(),
                            result.steps().seconds() / d.seconds()),
                        text(
                            "Agreement: %,d steps only in the miner, %,d only in DuckDB, %,d with"
                                + " other numbers of pairs; means differ by at most %.1e.",
                            d.comparison().onlyMiner(),
                            d.comparison().onlyDuckDb(),
                            d.comparison().differentPairs(),
                            d.comparison().largestDifference())));
    return Stream.of(mining, growth, duckDb).flatMap(lines -> lines).toList();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
