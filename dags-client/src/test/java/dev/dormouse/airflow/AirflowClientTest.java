package dev.dormouse.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a server that can be told to fail; a real Airflow cannot be made to. */
class AirflowClientTest {
  private record Reply(int status, String body) {}

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private AirflowClient client;
  private int logins;

  @TempDir Path dir;

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/auth/token",
        exchange -> answer(exchange, new Reply(201, "{\"access_token\": \"t" + ++logins + "\"}")));
    server.createContext("/api/v2", this::api);
    server.start();
    client = new AirflowClient(address(), new Credentials.Password("ann", "secret"));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void api(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("Authorization")
            + " "
            + body);
    answer(exchange, replies.removeFirst());
  }

  private static void answer(HttpExchange exchange, Reply reply) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (reply.status() == 0) {
      exchange.close();
      return;
    }
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void triggersWithItsOwnIdAndNoLogicalDate() {
    replies.add(
        new Reply(
            200,
            "{\"dag_id\": \"train\", \"dag_run_id\": \"c.t.1\", \"state\": \"queued\", \"other\": 1}"));

    DagRun run = client.trigger("train", "c.t.1", Map.of("seed", 1));

    assertThat(run.state()).isEqualTo("queued");
    assertThat(requests)
        .singleElement()
        .asString()
        .startsWith("POST /api/v2/dags/train/dagRuns Bearer t1")
        .contains("\"logical_date\":null")
        .contains("\"dag_run_id\":\"c.t.1\"");
  }

  @Test
  void aLostReplyToATriggerIsNotSentAgain() {
    replies.add(new Reply(0, ""));

    AirflowException failure =
        catchThrowableOfType(
            AirflowException.class, () -> client.trigger("train", "c.t.1", Map.of()));

    assertThat(failure.kind()).isEqualTo(AirflowException.Kind.UNREACHABLE);
    assertThat(requests).hasSize(1);
  }

  @Test
  void aServerThatStaysSilentIsNotAskedAHundredTimes() {
    for (int i = 0; i < 100; i++) {
      replies.add(new Reply(0, ""));
    }
    for (int i = 0; i < 10; i++) {
      AirflowException failure =
          catchThrowableOfType(AirflowException.class, () -> client.run("train", "r"));
      assertThat(failure.kind()).isEqualTo(AirflowException.Kind.UNREACHABLE);
      assertThat(failure).hasMessageContaining("gave no answer");
    }
    // The JDK asks again by itself when a connection is cut.
    assertThat(requests).hasSizeLessThan(10);
  }

  @Test
  void anIdThatIsTakenIsAConflictThatSaysWhatToDo() {
    replies.add(new Reply(409, "{\"detail\": \"exists\"}"));

    AirflowException failure =
        catchThrowableOfType(
            AirflowException.class, () -> client.trigger("train", "c.t.1", Map.of()));

    assertThat(failure.kind()).isEqualTo(AirflowException.Kind.CONFLICT);
    assertThat(failure)
        .hasMessageContaining("trigger DAG train")
        .hasMessageContaining("ask for the run with that id");
  }

  @Test
  void aTokenThatExpiredIsRenewedOnce() {
    replies.add(new Reply(401, "{}"));
    replies.add(new Reply(200, "{\"dag_run_id\": \"r\", \"state\": \"success\"}"));

    assertThat(client.run("train", "r")).isPresent();
    assertThat(logins).isEqualTo(2);
    assertThat(requests.get(1)).contains("Bearer t2");
  }

  @Test
  void readsAreTriedAgainAfterServerErrors() {
    replies.add(new Reply(500, "{}"));
    replies.add(new Reply(503, "{}"));
    replies.add(new Reply(200, "{\"scheduler\": {\"status\": \"healthy\"}}"));

    assertThat(client.isSchedulerHealthy()).isTrue();
    assertThat(requests).hasSize(3);
  }

  @Test
  void aRunThatIsNotThereIsEmptyAndNoError() {
    replies.add(new Reply(404, "{\"detail\": \"The DagRun with run_id: `none` was not found\"}"));

    assertThat(client.run("train", "none")).isEmpty();
  }

  @Test
  void aWrongAddressIsNotTakenForARunThatIsNotThere() {
    replies.add(new Reply(404, "<html>Not found</html>"));

    AirflowException failure =
        catchThrowableOfType(AirflowException.class, () -> client.run("train", "none"));

    assertThat(failure.kind()).isEqualTo(AirflowException.Kind.NOT_FOUND);
  }

  @Test
  void aPreIssuedTokenIsSentAndItsRefusalSaysWhatToCheck() {
    AirflowClient other = new AirflowClient(address(), new Credentials.Token("mine"));
    replies.add(new Reply(401, "{}"));
    replies.add(new Reply(401, "{}"));

    AirflowException failure =
        catchThrowableOfType(AirflowException.class, () -> other.run("train", "r"));

    assertThat(failure).hasMessageContaining("check the pre-issued token");
    assertThat(requests.get(0)).contains("Bearer mine");
    assertThat(logins).isZero();
  }

  @Test
  void aTokenCommandIsRunAgainWhenItsTokenIsRefused() {
    AirflowClient other =
        new AirflowClient(
            address(),
            new Credentials.TokenCommand(
                "echo x >>'" + dir + "/calls'; wc -l <'" + dir + "/calls'"));
    replies.add(new Reply(401, "{}"));
    replies.add(new Reply(200, "{\"dag_run_id\": \"r\", \"state\": \"success\"}"));

    assertThat(other.run("train", "r")).isPresent();
    assertThat(requests.get(0)).contains("Bearer 1");
    assertThat(requests.get(1)).contains("Bearer 2");
  }

  @Test
  void aTokenCommandThatFailsIsTold() {
    AirflowClient other = new AirflowClient(address(), new Credentials.TokenCommand("exit 3"));

    AirflowException failure =
        catchThrowableOfType(AirflowException.class, () -> other.run("train", "r"));

    assertThat(failure)
        .hasMessageContaining("command for a token of Airflow ended with exit code 3");
  }

  @Test
  void listsTasksOverAllPages() {
    replies.add(
        new Reply(
            200,
            "{\"task_instances\": [{\"task_id\": \"a\"}, {\"task_id\": \"b\"}], \"total_entries\": 3}"));
    replies.add(
        new Reply(200, "{\"task_instances\": [{\"task_id\": \"c\"}], \"total_entries\": 3}"));

    assertThat(client.tasks("train", "r"))
        .extracting(TaskInstance::taskId)
        .containsExactly("a", "b", "c");
    assertThat(requests.get(1)).contains("limit=100").contains("offset=2");
  }

  @Test
  void theTailOfALogIsItsLastLines() {
    replies.add(
        new Reply(
            200,
            "{\"content\": [{\"event\": \"a\"}, {\"event\": \"b\"}, {\"event\": \"c\", \"level\": \"error\"}, {\"event\": \"::endgroup::\"}]}"));

    assertThat(client.logTail("train", "r", "train", 1, 2))
        .containsExactly(new LogLine("", "b"), new LogLine("error", "c"));
  }
}
