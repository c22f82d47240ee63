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
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse publish}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Publishes to MLflow what was not published yet.")
final class PublishCommand implements Callable<Integer> {
  /** Longer than a tick's share, since a person waits for the result. */
  private static final Duration TIME_LIMIT = Duration.ofMinutes(30);

  @Mixin private MlflowOption mlflow;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    Deployment deployment = mlflow.applyTo(lake.deployment());
    KernelLake opened = LakeOptions.open(deployment);
    Outbox outbox =
        Services.outbox(opened, deployment)
            .map(server -> server.within(TIME_LIMIT))
            .orElseThrow(
                () ->
                    CommandException.badInput(
                        "No tracking server is known; name one by --mlflow or by mlflow.uri in"
                            + " dormouse.properties."));
    CampaignLog log = CampaignLog.read(opened);
    int pending = log.states().values().stream().mapToInt(outbox::pending).sum();
    int published = 0;
    Map<String, List<CampaignEvent>> acknowledged = new TreeMap<>();
    for (CampaignState state : log.states().values()) {
      List<String> keys = outbox.publish(state);
      published += keys.size();
      if (!keys.isEmpty()) {
        acknowledged.put(state.campaignId(), List.of(new CampaignEvent.OutboxAcked(keys)));
      }
    }
    // If a tick commits in between, it publishes the rest; publishing twice changes nothing.
    if (!acknowledged.isEmpty() && log.append(acknowledged, Instant.now(), "publish").isEmpty()) {
      output
          .err()
          .println("A tick ran at the same time; run this again to record what was published.");
    }
    URI server = deployment.mlflow().orElseThrow();
    output.out().printf("%d of %d items published to %s.%n", published, pending, server);
    int calls = new LlmTraces(server, opened).publish();
    if (calls > 0) {
      output.out().printf("%d calls of language models published as traces.%n", calls);
    }
    return published < pending ? ExitCode.UNREACHABLE : ExitCode.OK;
  }
}
