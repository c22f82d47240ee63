package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.tracking.MlflowException;
import dev.dormouse.tracking.MlflowGateway;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mlflow.tracking.MlflowClient;

/** The reason for a gateway of our own. If this fails, decision 9 deserves another look. */
@Timeout(30)
class OfficialClientTest {
  @Test
  void aServerThatNeverRepliesHoldsMlflowsClientEvenWhenInterruptedButNotTheGateway()
      throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      Thread client =
          new Thread(
              () -> {
                MlflowClient official = new MlflowClient(uri.toString());
                assertThatThrownBy(() -> official.getExperimentByName("any")).isNotNull();
              });
      client.setDaemon(true);
      client.start();
      client.join(1_000);
      client.interrupt();
      client.join(2_000);
      assertThat(client.isAlive()).isTrue();

      MlflowGateway gateway = new MlflowGateway(uri, Duration.ofMillis(300));
      assertThatThrownBy(() -> gateway.experimentId("any"))
          .isInstanceOf(MlflowException.Unreachable.class);
    }
  }
}
