package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.eval.bench.TruthBench;
import dev.dormouse.eval.bench.TruthResult;
import dev.dormouse.table.Json;
import dev.dormouse.wiring.SparkJobs;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dormouse bench truth}. */
@Command(
    name = "truth",
    mixinStandardHelpOptions = true,
    description =
        "Plants histories of which everything is known, mines them, and counts how often mining"
            + " tells the truth.")
final class BenchTruthCommand implements Callable<Integer> {
  private static final int MOST_LAKES = 10_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--lakes",
      paramLabel = "N",
      defaultValue = "200",
      description = "Histories to plant, each a lake of its own (default: ${DEFAULT-VALUE}).")
  private int lakes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the first history (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--json",
      description = "One JSON object on standard output; all else goes to standard error.")
  private boolean json;

  @Override
  public Integer call() {
    if (lakes < 1 || lakes > MOST_LAKES) {
      throw CommandException.badInput(
          "--lakes is " + lakes + "; it must be from 1 to " + MOST_LAKES + ".");
    }
    PrintWriter err = spec.commandLine().getErr();
    TruthResult result =
        SparkJobs.withSession(
            spark ->
                TruthBench.run(
                    spark,
                    lakes,
                    seed,
                    line -> {
                      err.println(line);
                      err.flush();
                    }));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(result));
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
