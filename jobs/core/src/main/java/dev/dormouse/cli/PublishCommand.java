package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mlflow.LlmTraces;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.Outbox;
import dev.dormouse.wiring.Services;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dormouse publish}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Publishes to MLflow what is not there yet.")
final class PublishCommand extends LakeCommand {
  /** Somebody waits for it, so that more than a tick's share may be published. */
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  @Option(
      names = "--mlflow",
      paramLabel = "URI",
      description = "Tracking server (default: key 'mlflow.uri' of the deployment).")
  private URI mlflow;

  @Override
  public Integer call() {
    KernelLake lake = openLake();
    Deployment deployment = mlflow == null ? deployment() : deployment().withMlflow(mlflow);
    Outbox outbox =
        Services.outbox(lake, deployment)
            .map(server -> server.within(PATIENCE))
            .orElseThrow(
                () ->
                    CommandException.badInput(
                        "No tracking server is known; name one by --mlflow or by mlflow.uri in dormouse.properties."));
    CampaignLog log = CampaignLog.read(lake);
    int pending = log.states().values().stream().mapToInt(outbox::pending).sum();
    Map<String, List<CampaignEvent>> acked = new TreeMap<>();
    for (CampaignState state : log.states().values()) {
      List<String> keys = outbox.publish(state);
      if (!keys.isEmpty()) {
        acked.put(state.campaignId(), List.of(new CampaignEvent.OutboxAcked(keys)));
      }
    }
    int published =
        acked.values().stream()
            .mapToInt(events -> ((CampaignEvent.OutboxAcked) events.get(0)).keys().size())
            .sum();
    // If a tick commits in between, it publishes the rest; publishing twice changes nothing.
    if (!acked.isEmpty() && log.append(acked, Instant.now(), "publish").isEmpty()) {
      err().println("A tick ran at the same time; run this again to record what was published.");
    }
    out()
        .printf(
            "%d of %d items published to %s.%n",
            published, pending, deployment.mlflow().orElseThrow());
    int calls = new LlmTraces(deployment.mlflow().orElseThrow(), lake).publish();
    if (calls > 0) {
      out().printf("%d calls of language models published as traces.%n", calls);
    }
    return published < pending ? ExitCode.UNREACHABLE : ExitCode.OK;
  }
}
