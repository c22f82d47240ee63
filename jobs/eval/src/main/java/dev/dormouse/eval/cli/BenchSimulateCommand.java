package dev.dormouse.eval.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.eval.simulate.Simulation;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description =
        "Runs the real ticks in simulated worlds with many faults, and counts violations of the"
            + " guarantees.")
final class BenchSimulateCommand implements Callable<Integer> {
  private static final long MOST_CAMPAIGNS = 100_000_000;

  @Option(
      names = "--campaigns",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Campaigns to run to their end (default: ${DEFAULT-VALUE}).")
  private long campaigns;

  @Mixin private SeedOption seed;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws InterruptedException {
    if (campaigns < 1 || campaigns > MOST_CAMPAIGNS) {
      throw CommandException.badInput(
          "--campaigns is " + campaigns + "; it must be from 1 to " + MOST_CAMPAIGNS + ".");
    }
    // Each of millions of faults would log a line.
    System.setProperty("dormouse.log", "off");
    long start = System.nanoTime();
    Simulation.Result result = Simulation.run(campaigns, seed.seed());
    double seconds = (System.nanoTime() - start) / 1e9;
    PrintWriter out = output.out();
    if (output.isJson()) {
      output.printJsonLine(new Report(seed.seed(), seconds, result));
    } else {
      out.printf(
          Locale.ROOT,
          "%,d campaigns in %,d lakes, %,d ticks, %,d events in %.0f s%n",
          result.campaigns(),
          result.worlds(),
          result.ticks(),
          result.events(),
          seconds);
      out.printf(
          Locale.ROOT, "%,d faults, %,d of them crashes:%n", result.faults(), result.crashes());
      new TreeMap<>(result.faultsByKind())
          .forEach((kind, count) -> out.printf(Locale.ROOT, "  %-20s %,d%n", kind, count));
      out.printf(Locale.ROOT, "%,d violations%n", result.violations());
      result.examples().forEach(example -> out.println("  " + example));
    }
    return result.violations() == 0 ? ExitCode.OK : ExitCode.GUARDRAIL;
  }

  /** What {@code --json} prints. */
  private record Report(long seed, double seconds, @JsonUnwrapped Simulation.Result result) {}
}
