package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.report.SampleCampaign;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Without any tracking server. */
class MlflowOutageTest {
  private final CampaignState state = SampleCampaign.finished().stateAfter(20);

  @Test
  void anUnreachableServerLeavesEverythingPending() throws Exception {
    MlflowOutbox outbox =
        new MlflowOutbox(
            URI.create("http://127.0.0.1:" + MlflowServer.freePort()),
            MlflowOutbox.TIME_LIMIT,
            Links.NONE,
            ArtifactSource.NONE);
    assertThat(outbox.publish(state)).isEmpty();
    assertThat(outbox.pending(state)).isEqualTo(OutboxItems.of(state, Links.NONE).size());
  }

  @Test
  @Timeout(30)
  void aServerThatNeverAnswersDoesNotHoldUpTheTick() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      MlflowOutbox outbox =
          new MlflowOutbox(uri, Duration.ofMillis(500), Links.NONE, ArtifactSource.NONE);
      assertThat(outbox.publish(state)).isEmpty();
    }
  }
}
