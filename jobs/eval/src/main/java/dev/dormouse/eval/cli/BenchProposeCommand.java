package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.eval.bench.ProposalBench;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench propose}. */
@Command(
    name = "propose",
    mixinStandardHelpOptions = true,
    description = "Measures the time to plan from past runs and to propose the next batch of arms.")
final class BenchProposeCommand implements Callable<Integer> {
  private static final int MOST_OWN = 500;

  @Option(
      names = "--past",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Past runs (default: ${DEFAULT-VALUE}).")
  private int past;

  @Option(
      names = "--own",
      paramLabel = "N",
      defaultValue = "200",
      description = "Results of the campaign's own (default: ${DEFAULT-VALUE}).")
  private int own;

  @Mixin private SeedOption seed;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    if (past < 2 || own < 1 || own > MOST_OWN) {
      throw CommandException.badInput(
          "--past must be at least 2 and --own from 1 to " + MOST_OWN + ".");
    }
    ProposalBench.Result result = ProposalBench.run(past, own, seed.seed());
    PrintWriter out = output.out();
    if (output.isJson()) {
      output.printJsonLine(result);
    } else {
      out.printf(
          Locale.ROOT,
          "A plan from %,d past runs, once they are read: %.1f s. The next batch with %,d own results:"
              + " %.2f s.%n",
          result.pastRuns(),
          result.planSeconds(),
          result.ownResults(),
          result.proposeSeconds());
    }
    return ExitCode.OK;
  }
}
