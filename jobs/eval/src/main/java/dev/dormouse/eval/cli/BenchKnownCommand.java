package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.text.Columns;
import dev.dormouse.eval.bench.KnownBench;
import dev.dormouse.io.SparkLake;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench known}. */
@Command(
    name = "known",
    mixinStandardHelpOptions = true,
    description =
        "Plans and plays campaigns on studies that hold a better arm already, and counts how often"
            + " it is named, confirmed and matched.")
final class BenchKnownCommand implements Callable<Integer> {
  @Option(
      names = "--lakes",
      paramLabel = "N",
      defaultValue = "20",
      description = "Studies to plant, each in a lake of its own (default: ${DEFAULT-VALUE}).")
  private int lakes;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "300",
      description = "Past runs of each study (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(names = "--nothing", description = "Plant studies in which nothing helps.")
  private boolean nothing;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "New directory for the lakes (default: a temporary one).")
  private Path out;

  @Mixin private SeedOption seed;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException {
    if (lakes < 1 || runs < 10) {
      throw CommandException.badInput(
          "--lakes is " + lakes + " and --runs " + runs + "; they must be at least 1 and 10.");
    }
    Path directory = out == null ? Files.createTempDirectory("dormouse-known") : out;
    if (Files.exists(directory.resolve("own-" + seed.seed()))) {
      throw CommandException.badInput(directory + " holds lakes already; name a new directory.");
    }
    KnownBench.Result result = SparkJobs.withSession(spark -> run(spark, directory));
    if (output.isJson()) {
      output.printJsonLine(result);
    } else {
      print(result);
    }
    return ExitCode.OK;
  }

  private KnownBench.Result run(SparkSession spark, Path directory) {
    return KnownBench.run(
        name -> {
          SparkLake lake = SparkLake.at(spark, directory.resolve(name));
          lake.createAll();
          return lake;
        },
        lakes,
        runs,
        !nothing,
        seed.seed(),
        Instant.now(),
        output.progress());
  }

  private void print(KnownBench.Result result) {
    output
        .out()
        .printf(
            "%d lakes with %d runs of the campaign's own study; %d trainings, then 6 pairs to"
                + " confirm.%n",
            result.lakes(), result.runs(), result.trainings());
    Columns.print(
        output.out(),
        List.of("what", "share"),
        List.of(
            row("a known arm as good as the planted one is named in the plan", result.named()),
            row("  and stands first", result.namedFirst()),
            row("the winner is confirmed", result.confirmed()),
            row("  and is as good as the planted arm", result.matched())));
    output
        .out()
        .printf(
            Locale.ROOT,
            "Mean true gain of the winners: %+.5f; search trainings of known arms: %d%n",
            result.meanGain(),
            result.knownTrained());
  }

  private static List<String> row(String what, double share) {
    return List.of(what, String.format(Locale.ROOT, "%.0f%%", 100 * share));
  }
}
