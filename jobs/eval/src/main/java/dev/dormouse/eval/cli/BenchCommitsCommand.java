package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.bench.CommitRace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dormouse bench commits}. */
@Command(
    name = "commits",
    mixinStandardHelpOptions = true,
    description =
        "Lets processes compete for every version of a table, and counts double wins and lost"
            + " rows.")
final class BenchCommitsCommand implements Callable<Integer> {
  @Option(
      names = "--writers",
      paramLabel = "N",
      defaultValue = "4",
      description = "Processes (default: ${DEFAULT-VALUE}).")
  private int writers;

  @Option(
      names = "--commits",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Contested versions (default: ${DEFAULT-VALUE}).")
  private long commits;

  /** {@code dormouse race ROOT NAME COMMITS}: runs one of the processes. */
  @Command(name = "race", hidden = true)
  static final class Race implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(index = "0")
    private Path root;

    @Parameters(index = "1")
    private String name;

    @Parameters(index = "2")
    private long commits;

    @Override
    public Integer call() {
      CommitRace.race(root, name, commits).forEach(spec.commandLine().getOut()::println);
      return ExitCode.OK;
    }
  }

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (writers < 1 || commits < 1) {
      throw CommandException.badInput("--writers and --commits must be above 0.");
    }
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      Path home = LauncherEnvironment.home();
      CommitRace.Result result = CommitRace.run(home, scratch.path(), writers, commits);
      PrintWriter out = output.out();
      if (output.isJson()) {
        output.printJsonLine(result);
      } else {
        out.printf(
            Locale.ROOT,
            "%d writers, %,d contested commits in %.1f s: %,d wins, %,d double wins, %,d lost"
                + " rows%n",
            result.writers(),
            result.commits(),
            result.seconds(),
            result.wins(),
            result.doubleWins(),
            result.lost());
      }
      boolean right = result.wins() == commits && result.doubleWins() == 0 && result.lost() == 0;
      return right ? ExitCode.OK : ExitCode.GUARDRAIL;
    }
  }
}
