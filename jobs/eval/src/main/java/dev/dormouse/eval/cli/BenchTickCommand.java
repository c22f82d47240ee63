package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.bench.TickBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench tick}. */
@Command(
    name = "tick",
    mixinStandardHelpOptions = true,
    description = "Measures ticks in processes of their own, and the time to read a long log.")
final class BenchTickCommand implements Callable<Integer> {
  private static final int MOST_CAMPAIGNS = 100_000;

  @Option(
      names = "--campaigns",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Campaigns with 100 open trainings each (default: ${DEFAULT-VALUE}).")
  private int campaigns;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Events of the log that is read (default: ${DEFAULT-VALUE}).")
  private long events;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (campaigns < 1 || campaigns > MOST_CAMPAIGNS || events < 1) {
      throw CommandException.badInput(
          "--campaigns must be from 1 to " + MOST_CAMPAIGNS + " and --events above 0.");
    }
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      Path home = LauncherEnvironment.home();
      TickBench bench = new TickBench(home, scratch.path(), Instant.now(), output.progress());
      TickBench.Result result = bench.run(campaigns, events);
      PrintWriter out = output.out();
      if (output.isJson()) {
        output.printJsonLine(result);
      } else {
        print(out, "Quiet tick, small lake", result.smallQuiet());
        print(out, "Quiet tick", result.quiet());
        print(out, "Busy tick", result.busy());
        out.printf(
            Locale.ROOT,
            "Opening a log of %,d events in %,d commits: %.1f s%n",
            result.open().events(),
            result.open().commits(),
            result.open().seconds());
      }
      return ExitCode.OK;
    }
  }

  private static void print(PrintWriter out, String name, TickBench.Tick tick) {
    out.printf(
        Locale.ROOT,
        "%s: %,d campaigns, %,d open trainings: %.2f s, %.0f MB, %,d events, %d commits%n",
        name,
        tick.campaigns(),
        tick.openTrials(),
        tick.seconds(),
        tick.peakMemoryMb(),
        tick.events(),
        tick.commits());
  }
}
