package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.LauncherEnvironment;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.bench.LlmBench;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse bench llm}. */
@Command(
    name = "llm",
    mixinStandardHelpOptions = true,
    description =
        "Sends batches to a local model server that fails on purpose, and measures bills, losses"
            + " and speed.")
final class BenchLlmCommand implements Callable<Integer> {
  private static final int FEWEST_PROMPTS = 100;
  private static final int DEFAULT_PROMPTS = 10_000;
  private static final int DEFAULT_REAL_PROMPTS = 20;

  @Option(
      names = "--prompts",
      paramLabel = "N",
      description = "Different prompts in each part (default: 10000; with --url 20).")
  private Optional<Integer> promptCount;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Use this server instead, e.g. a small model by jobs/examples/small-model/serve.py, and"
              + " report its replies.")
  private Optional<String> url;

  @Option(
      names = "--simulations",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Simulated batches whose spending is checked (default: ${DEFAULT-VALUE}).")
  private long simulations;

  /** {@code dormouse ask-for-bench LAKE URL PROMPTS}: runs a process that will be killed. */
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

  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int prompts = promptCount.orElse(url.isEmpty() ? DEFAULT_PROMPTS : DEFAULT_REAL_PROMPTS);
    if (prompts < (url.isEmpty() ? FEWEST_PROMPTS : 1) || simulations < 1) {
      throw CommandException.badInput(
          "--prompts must be at least " + FEWEST_PROMPTS + ", and --simulations above 0.");
    }
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      Path home = LauncherEnvironment.home();
      LlmBench bench = new LlmBench(home, scratch.path(), Clock.systemUTC(), output.progress());
      PrintWriter out = output.out();
      if (url.isPresent()) {
        print(out, bench.real(url.get(), prompts));
        return ExitCode.OK;
      }
      LlmBench.Result result = bench.run(prompts, simulations);
      if (output.isJson()) {
        output.printJsonLine(result);
      } else {
        print(out, result);
      }
      return ExitCode.OK;
    }
  }

  private void print(PrintWriter out, LlmBench.Real real) {
    if (output.isJson()) {
      output.printJsonLine(real);
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
