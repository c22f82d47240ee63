package dev.dormouse.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults that a real server cannot be made to show. */
@Timeout(30)
class MlflowGatewayTest {
  // Far more than any reply takes, on a busy machine too.
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int CUT = 0;
  private static final int HANG = 1;

  private record Reply(int status, String body) {}

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private MlflowGateway gateway;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    gateway = new MlflowGateway(uri(), LIMIT);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    Reply reply = replies.removeFirst();
    if (reply.status() == HANG) {
      // Headers and some content, then nothing.
      exchange.sendResponseHeaders(200, 100);
      exchange.getResponseBody().write(new byte[10]);
      exchange.getResponseBody().flush();
      return;
    }
    if (reply.status() != CUT) {
      byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private void reply(int status, String body) {
    replies.add(new Reply(status, body));
  }

  @Test
  void repeatableRequestsAreRepeatedWhenTheServerIsBusyOrTheConnectionBreaks() {
    reply(503, "");
    reply(429, "");
    reply(200, "{\"experiment\": {\"experiment_id\": \"7\", \"name\": \"a b\", \"other\": 1}}");
    assertThat(gateway.experimentId("a b")).contains("7");
    assertThat(requests)
        .hasSize(3)
        .allMatch(
            r -> r.equals("GET /api/2.0/mlflow/experiments/get-by-name?experiment_name=a+b "));

    requests.clear();
    for (int i = 0; i < 3; i++) {
      reply(500, "");
    }
    assertThatThrownBy(() -> gateway.experimentId("a"))
        .isInstanceOf(MlflowException.Unreachable.class)
        .hasMessageContaining("/api/2.0/mlflow/experiments/get-by-name with error 500");
    assertThat(requests).hasSize(3);
  }

  @Test
  void whatCreatesIsSentOnce() {
    reply(503, "");
    assertThatThrownBy(() -> gateway.createExperiment("a"))
        .isInstanceOf(MlflowException.Unreachable.class);
    reply(CUT, "");
    assertThatThrownBy(() -> gateway.createRun(new NewRun("1", "n", 5, List.of())))
        .isInstanceOf(MlflowException.Unreachable.class)
        .hasMessageContaining("/api/2.0/mlflow/runs/create");
    assertThat(requests)
        .containsExactly(
            "POST /api/2.0/mlflow/experiments/create {\"name\":\"a\"}",
            "POST /api/2.0/mlflow/runs/create "
                + "{\"experiment_id\":\"1\",\"run_name\":\"n\",\"start_time\":5,\"tags\":[]}");
  }

  @Test
  void aReplyThatStopsHalfwayEndsAtTheTimeLimitAndIsNotAskedForAgain() {
    reply(HANG, "");
    MlflowGateway impatient = new MlflowGateway(uri(), Duration.ofSeconds(2));
    assertThatThrownBy(impatient::experiments)
        .isInstanceOf(MlflowException.Unreachable.class)
        .hasMessageContaining("no complete reply within 2000 ms");
    assertThat(requests).hasSize(1);
  }

  @Test
  void aReplyThatIsTooLargeIsNotRead() {
    MlflowTransport small = new MlflowTransport(uri(), LIMIT, 1_000);
    reply(200, "{\"x\": \"" + "y".repeat(900) + "\"}");
    reply(200, "{\"x\": \"" + "y".repeat(1_000) + "\"}");
    assertThat(small.send(small.request("/"), JsonNode.class).has("x")).isTrue();
    assertThatThrownBy(() -> small.send(small.request("/"), JsonNode.class))
        .isInstanceOf(MlflowException.Unreachable.class)
        .hasMessageContaining("the reply exceeds 1000 bytes");
    assertThat(requests).hasSize(2);
  }

  @Test
  void aServerThatIsDownIsNamed() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    MlflowGateway down = new MlflowGateway(URI.create("http://127.0.0.1:" + port), LIMIT);
    assertThatThrownBy(down::experiments)
        .isInstanceOf(MlflowException.Unreachable.class)
        .hasMessage(
            "MLflow at http://127.0.0.1:%d cannot be reached for /api/2.0/mlflow/experiments/search"
                + " (ConnectException); start it, or correct the URL",
            port);
  }

  @Test
  void refusalsAndWrongServersAreDistinguished() {
    reply(404, "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"none\"}");
    assertThat(gateway.experimentId("a")).isEmpty();
    reply(400, "{\"error_code\": \"INVALID_PARAMETER_VALUE\", \"message\": \"bad filter\\nmore\"}");
    assertThatThrownBy(() -> gateway.runs(RunSearch.of("1", "?", 1)))
        .isInstanceOf(MlflowException.Refused.class)
        .hasMessageContaining("/runs/search: bad filter (INVALID_PARAMETER_VALUE, status 400)");
    reply(403, "no");
    assertThatThrownBy(() -> gateway.experimentId("a"))
        .isInstanceOf(MlflowException.Refused.class)
        .hasMessageContaining("refuses access");
    reply(404, "<html>");
    assertThatThrownBy(() -> gateway.experimentId("a"))
        .isInstanceOf(MlflowException.UnexpectedReply.class)
        .hasMessageContaining("gives no JSON (status 404)");
    reply(200, "{\"runs\": 3}");
    assertThatThrownBy(() -> gateway.runs(RunSearch.of("1", "", 1)))
        .isInstanceOf(MlflowException.UnexpectedReply.class)
        .hasMessageContaining("JSON of another form");
  }

  @Test
  void valuesThatAreNotFiniteAreRead() {
    reply(
        200,
        "{\"metrics\": [{\"key\": \"m\", \"value\": \"NaN\", \"step\": 1, \"timestamp\":"
            + " 2},{\"key\": \"m\", \"value\": -1.7976931348623157e308}], \"next_page_token\":"
            + " \"t/\"}");
    reply(200, "{}");
    assertThat(gateway.history("r", "m", 10))
        .containsExactly(
            new MlflowMetric("m", Double.NaN, 2, 1),
            new MlflowMetric("m", Double.NEGATIVE_INFINITY, 0, 0));
    assertThat(requests.get(1)).contains("max_results=10&page_token=t%2F");
  }
}
