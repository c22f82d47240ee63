package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.eval.bench.TruthBench;
import dev.dormouse.eval.bench.TruthResult;
import dev.dormouse.wiring.SparkJobs;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench truth}. */
@Command(
    name = "truth",
    mixinStandardHelpOptions = true,
    description =
        "Generates histories with known true effects, mines them, and counts how often the insights"
            + " are right.")
final class BenchTruthCommand implements Callable<Integer> {
  private static final int MOST_LAKES = 10_000;

  @Option(
      names = "--lakes",
      paramLabel = "N",
      defaultValue = "200",
      description = "Histories to generate, each in a lake of its own (default: ${DEFAULT-VALUE}).")
  private int lakes;

  @Mixin private SeedOption seed;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    if (lakes < 1 || lakes > MOST_LAKES) {
      throw CommandException.badInput(
          "--lakes is " + lakes + "; it must be from 1 to " + MOST_LAKES + ".");
    }
    TruthResult result =
        SparkJobs.withSession(
            spark -> TruthBench.run(spark, lakes, seed.seed(), output.progress()));
    PrintWriter out = output.out();
    if (output.isJson()) {
      output.printJsonLine(result);
    } else {
      out.printf(
          Locale.ROOT, "Mined %d planted histories, %,d runs.%n", result.lakes(), result.runs());
      print(out, "Effects", result.effects());
      print(out, "Interactions", result.interactions());
    }
    return ExitCode.OK;
  }

  private static void print(PrintWriter out, String title, TruthResult.Kind kind) {
    out.printf(
        Locale.ROOT, "%n%s: %,d tested, %,d reported%n", title, kind.tested(), kind.reported());
    row(
        out,
        "False discovery rate (nominal 10%)",
        percent(OptionalDouble.of(kind.falseDiscoveryRate())));
    row(out, "95% intervals that hold the truth", percent(kind.coverage().all()));
    row(out, "  the same among the reported", percent(kind.coverage().reported()));
    row(out, "Winner's bias before correction", metric(kind.bias().before()));
    row(out, "  after it", metric(kind.bias().after()));
    row(out, "  taken away", percent(kind.bias().reduction()));
    row(out, "Power", percent(kind.power().all()));
    row(out, "  for effects of 0.001 and more", percent(kind.power().large()));
  }

  private static void row(PrintWriter out, String name, String value) {
    out.printf(Locale.ROOT, "  %-40s %s%n", name, value);
  }

  private static String percent(OptionalDouble share) {
    return share.isPresent()
        ? String.format(Locale.ROOT, "%.1f%%", 100 * share.getAsDouble())
        : "nothing seen";
  }

  private static String metric(OptionalDouble value) {
    return value.isPresent()
        ? String.format(Locale.ROOT, "%+.6f", value.getAsDouble())
        : "nothing seen";
  }
}
