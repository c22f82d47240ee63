package dev.dormouse.eval.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.eval.simulate.Simulation;
import dev.dormouse.table.Json;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dormouse bench simulate}. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description =
        "Runs the real ticks in simulated worlds where everything goes wrong, and counts broken promises.")
final class BenchSimulateCommand implements Callable<Integer> {
  private static final long MOST_CAMPAIGNS = 100_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--campaigns",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Campaigns to bring to their end (default: ${DEFAULT-VALUE}).")
  private long campaigns;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the first world (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (campaigns < 1 || campaigns > MOST_CAMPAIGNS) {
      throw CommandException.badInput(
          "--campaigns is " + campaigns + "; it must be from 1 to " + MOST_CAMPAIGNS + ".");
    }
    // Of the millions of faults each would be worth a line.
    System.setProperty("dormouse.log", "off");
    long start = System.nanoTime();
    Simulation.Result result = Simulation.run(campaigns, seed);
    double seconds = (System.nanoTime() - start) / 1e9;
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(new Report(seed, seconds, result)));
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
