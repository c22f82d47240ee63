package dev.dormouse.cli;

import dev.dormouse.approval.Approvals;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mlflow.LlmTraces;
import dev.dormouse.table.Json;
import dev.dormouse.tick.CorruptLogException;
import dev.dormouse.tick.TickSummary;
import dev.dormouse.tick.Ticker;
import dev.dormouse.wiring.Services;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dormouse tick}. */
@Command(
    name = "tick",
    mixinStandardHelpOptions = true,
    description = "Wakes up: looks at open runs, decides, launches what comes next, and exits.")
final class TickCommand extends LakeCommand {
  @Option(names = "--dry-run", description = "Only say what would be done.")
  private boolean dryRun;

  @Option(
      names = "--until-done",
      description = "Tick again and again until no campaign runs any more.")
  private boolean untilDone;

  @Option(
      names = "--every",
      paramLabel = "S",
      defaultValue = "60",
      description = "Seconds between ticks with --until-done (default: ${DEFAULT-VALUE}).")
  private double every;

  @Option(names = "--mlflow", paramLabel = "URI", description = "Tracking server to publish to.")
  private URI mlflow;

  @Option(names = "--json", description = "What was done as JSON, one line a tick.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    KernelLake lake = openLake();
    Deployment deployment = mlflow == null ? deployment() : deployment().withMlflow(mlflow);
    Approvals approvals = Services.approvals(lake, deployment);
    Ticker ticker = Services.ticker(lake, deployment);
    try {
      if (dryRun) {
        ticker.dryRun().forEach(out()::println);
        return ExitCode.OK;
      }
      Optional<LlmTraces> traces = Services.traces(lake, deployment);
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
    if (json) {
      out().println(Json.write(summary));
    } else if (summary.events() == 0) {
      out().printf("Nothing to do; %d runs go on.%n", summary.open());
    } else {
      summary.explanation().forEach(out()::println);
      out()
          .printf(
              "%d events, %d launched, %d settled (%d failed), %d open.%n",
              summary.events(),
              summary.launched(),
              summary.settled(),
              summary.failures(),
              summary.open());
    }
    out().flush();
    if (summary.events() > 0) {
      traces.ifPresent(LlmTraces::publish);
    }
    return summary;
  }
}
