package dev.dormouse.cli;

import dev.dormouse.approval.Approvals;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mlflow.LlmTraces;
import dev.dormouse.tick.CorruptLogException;
import dev.dormouse.tick.TickSummary;
import dev.dormouse.tick.Ticker;
import dev.dormouse.wiring.Services;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse tick}. */
@Command(
    name = "tick",
    mixinStandardHelpOptions = true,
    description =
        "Runs one tick: checks open trainings, decides, launches what comes next, and exits.")
final class TickCommand implements Callable<Integer> {
  @Option(names = "--dry-run", description = "Print what a tick would do; change nothing.")
  private boolean dryRun;

  @Option(names = "--until-done", description = "Repeat ticks until no campaign is active.")
  private boolean untilDone;

  @Option(
      names = "--every",
      paramLabel = "S",
      defaultValue = "60",
      description = "Seconds between ticks with --until-done (default: ${DEFAULT-VALUE}).")
  private double every;

  @Option(names = "--json", description = "Print what was done as JSON, one line a tick.")
  private boolean json;

  @Mixin private MlflowOption mlflow;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    Deployment deployment = mlflow.applyTo(lake.deployment());
    KernelLake opened = LakeOptions.open(deployment);
    Ticker ticker = Services.ticker(opened, deployment);
    try {
      if (dryRun) {
        ticker.dryRun().forEach(output.out()::println);
        return ExitCode.OK;
      }
      Approvals approvals = Services.approvals(opened, deployment);
      Optional<LlmTraces> traces = Services.traces(opened, deployment);
      TickSummary summary = tick(approvals, ticker, traces);
      while (untilDone && !summary.active().isEmpty()) {
        Thread.sleep(Duration.ofMillis((long) (1000 * every)).toMillis());
        summary = tick(approvals, ticker, traces);
      }
      return summary.active().isEmpty() && !summary.waitingForApproval().isEmpty()
          ? ExitCode.WAITING_FOR_APPROVAL
          : ExitCode.OK;
    } catch (CorruptLogException e) {
      throw new CommandException(ExitCode.GUARDRAIL, e.getMessage());
    }
  }

  private TickSummary tick(Approvals approvals, Ticker ticker, Optional<LlmTraces> traces) {
    approvals.collect(ticker.campaigns(), Instant.now());
    TickSummary summary = ticker.tick();
    print(summary);
    if (summary.events() > 0) {
      traces.ifPresent(LlmTraces::publish);
    }
    return summary;
  }

  private void print(TickSummary summary) {
    PrintWriter out = output.out();
    if (json) {
      output.printJsonLine(summary);
    } else if (summary.events() == 0) {
      out.printf("Nothing to do; %d runs go on.%n", summary.open());
    } else {
      summary.explanation().forEach(out::println);
      out.printf(
          "%d events, %d launched, %d settled (%d failed), %d open.%n",
          summary.events(),
          summary.launched(),
          summary.settled(),
          summary.failures(),
          summary.open());
    }
    out.flush();
  }
}
