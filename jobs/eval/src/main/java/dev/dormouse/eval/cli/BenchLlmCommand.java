package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.bench.LlmBench;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dormouse bench llm}. */
@Command(
    name = "llm",
    mixinStandardHelpOptions = true,
    description =
        "Asks a server on loopback that fails on purpose: what is billed, what is lost, how fast.")
final class BenchLlmCommand implements Callable<Integer> {
  private static final int FEWEST = 100;
  private static final int MANY = 10_000;
  private static final int FEW = 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--prompts",
      paramLabel = "N",
      description = "Different prompts in each part (default: 10000; of a real server 20).")
  private Integer wanted;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Ask this server instead, e.g. a small model by jobs/examples/small-model/serve.py, and"
              + " say how it did.")
  private String url;

  @Option(
      names = "--simulations",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Simulated batches whose spending is checked (default: ${DEFAULT-VALUE}).")
  private long simulations;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  /** {@code dormouse ask-for-bench LAKE URL PROMPTS}: a process that will be killed. */
  @Command(name = "ask-for-bench", hidden = true)
  static final class Ask implements Callable<Integer> {
    @Parameters(index = "0")
    private Path lake;

    @Parameters(index = "1")
    private String url;

    @Parameters(index = "2")
    private int prompts;

    @Override
    public Integer call() {
      LlmBench.ask(lake, url, prompts, Clock.systemUTC());
      return ExitCode.OK;
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    int prompts = wanted != null ? wanted : url == null ? MANY : FEW;
    if (prompts < (url == null ? FEWEST : 1) || simulations < 1) {
      throw CommandException.badInput(
          "--prompts must be at least " + FEWEST + ", and --simulations above 0.");
    }
    PrintWriter err = spec.commandLine().getErr();
    try (ScratchDirectory scratch = ScratchDirectory.make()) {
      Path home = Path.of(System.getenv().getOrDefault("DORMOUSE_HOME", "."));
      LlmBench bench =
          new LlmBench(
              home,
              scratch.path(),
              Clock.systemUTC(),
              line -> {
                err.println(line);
                err.flush();
              });
      PrintWriter out = spec.commandLine().getOut();
      if (url != null) {
        print(out, bench.real(url, prompts));
        return ExitCode.OK;
      }
      LlmBench.Result result = bench.run(prompts, simulations);
      if (json) {
        out.println(Json.write(result));
      } else {
        print(out, result);
      }
      return ExitCode.OK;
    }
  }

  private void print(PrintWriter out, LlmBench.Real real) {
    if (json) {
      out.println(Json.write(real));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%.0f%% of the replies satisfy the schema: %s%n%,d tokens asked, %,d replied, $%.6f at"
            + " made-up prices, %.1f s%n",
        100 * real.validShare(),
        real.replies(),
        real.inputTokens(),
        real.outputTokens(),
        real.usd(),
        real.seconds());
  }

  private static void print(PrintWriter out, LlmBench.Result result) {
    billing(out, "Without faults", result.billed().clean());
    out.printf("Asked again: %d calls%n", result.billed().rerunCalls());
    billing(out, "Killed tasks", result.billed().killedTasks());
    billing(out, "Failed tasks of SQL", result.billed().failedTasks());
    out.printf("Another filter and action of SQL: %d calls%n", result.billed().sqlTwice());
    billing(out, "Killed processes", result.billed().killedProcesses());
    out.printf("Replies where 5%% are garbage: %s%n", result.garbage());
    out.printf(
        Locale.ROOT,
        "Rate: %.1f%% of what is permitted, %.2f%% of the requests too early%n",
        100 * result.speed().rate().rateShare(),
        100 * result.speed().rate().earlyShare());
    out.printf(
        Locale.ROOT,
        "Own time of a call: %.2f ms at the median, %.2f ms at the 95th percentile%n",
        result.speed().overhead().overheadP50Millis(),
        result.speed().overhead().overheadP95Millis());
    out.printf(
        Locale.ROOT,
        "A batch with Spark, against 1,000 a second: %.0f requests a second, %.2f ms of processor"
            + " time each%n",
        result.speed().requestsPerSecond(),
        result.speed().cpuMillis());
    out.printf(
        Locale.ROOT,
        "%,d simulated batches: %,d calls, %,d of them with unknown bill, %,d refused by a cap; %d"
            + " above a cap, %d asked twice%n",
        result.simulated().batches(),
        result.simulated().calls(),
        result.simulated().unknown(),
        result.simulated().refused(),
        result.simulated().overspent(),
        result.simulated().askedTwice());
  }

  private static void billing(PrintWriter out, String name, LlmBench.Billing billing) {
    out.printf(
        Locale.ROOT,
        "%s: %,d calls for %,d prompts = %.3f%s%n",
        name,
        billing.calls(),
        billing.prompts(),
        billing.callsPerPrompt(),
        billing.failures() == 0 ? "" : " (" + billing.failures() + " failures)");
  }
}
