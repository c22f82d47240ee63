package dev.dormouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.dormouse.ingest.ImportSummary;
import dev.dormouse.ingest.MlflowImportRequest;
import dev.dormouse.ingest.MlflowImporter;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.mlflow.MlflowServer;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Run;
import dev.dormouse.table.Json;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;
import picocli.CommandLine;

/** Against a real tracking server. */
@Tag("server")
@SparkTest
class ImportFromMlflowTest {
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @TempDir private static Path serverDirectory;
  private static MlflowServer server;
  private static MlflowClient client;

  @TempDir Path directory;
  private String out = "";
  private String err = "";

  @BeforeAll
  static void startServer() throws Exception {
    server = MlflowServer.start(serverDirectory);
    client = new MlflowClient(server.uri().toString());
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      client.close();
      server.stop();
    }
  }

  @Test
  void importsWhatHasEndedAndLaterOnlyWhatIsNew() {
    String experiment = client.createExperiment("ads");
    RunInfo parent = start(experiment, "sweep");
    for (int i = 1; i <= 4; i++) {
      RunInfo run = start(experiment, "run" + i);
      client.setTag(run.getRunId(), "mlflow.parentRunId", parent.getRunId());
      client.logParam(run.getRunId(), "lr", "0.00" + i);
      client.logParam(run.getRunId(), "seed", String.valueOf(i));
      for (int step = 0; step < 3; step++) {
        client.logMetric(run.getRunId(), "val_auc", 0.6 + 0.01 * step + 0.001 * i, step, step);
      }
      client.setTerminated(run.getRunId(), RunStatus.FINISHED);
    }
    RunInfo failed = start(experiment, "failed");
    client.logParam(failed.getRunId(), "lr", "10");
    client.setTerminated(failed.getRunId(), RunStatus.FAILED);
    RunInfo running = start(experiment, "running");
    client.logParam(running.getRunId(), "lr", "0.1");
    RunInfo ours = start(experiment, "ours");
    client.setTag(ours.getRunId(), "dormouse.key", "trial:x");
    client.logMetric(ours.getRunId(), "val_auc", 0.9);
    client.setTerminated(ours.getRunId(), RunStatus.FINISHED);
    SparkLake lake = SparkExtension.emptyLake(directory.resolve("lake"));

    ImportSummary first = importRuns(lake);
    assertThat(first.imported()).isEqualTo(5);
    assertThat(first.curvePoints()).isEqualTo(12);
    assertThat(first.leftOut()).containsOnly(Map.entry("runs that Dormouse itself published", 1L));
    Map<String, Run> runs = runs(lake);
    Run run =
        runs.values().stream().filter(each -> each.seed().isPresent()).findFirst().orElseThrow();
    assertThat(run.study().id()).isEqualTo("ads/all:auc@validation");
    assertThat(run.sweep()).contains(parent.getRunId());
    assertThat(run.metrics()).containsOnlyKeys("auc");
    assertThat(run.arm().params()).containsOnlyKeys("lr");
    assertThat(run.costSource()).isEqualTo(CostOrigin.MEASURED);
    assertThat(runs.get(failed.getRunId()).status().id()).isEqualTo("failed");

    ImportSummary second = importRuns(lake);
    assertThat(second.imported()).isZero();
    assertThat(second.curvePoints()).isZero();

    client.logMetric(running.getRunId(), "val_auc", 0.65);
    client.setTerminated(running.getRunId(), RunStatus.FINISHED);
    RunInfo next = start(experiment, "next");
    client.logParam(next.getRunId(), "lr", "0.2");
    client.setTerminated(next.getRunId(), RunStatus.KILLED);
    ImportSummary third = importRuns(lake);
    assertThat(third.imported()).isEqualTo(2);
    assertThat(runs(lake)).hasSize(7).containsKeys(running.getRunId(), next.getRunId());
    assertThat(lake.read(RunMetricsTable.TABLE).count()).isEqualTo(12);
  }

  @Test
  void theCommandShowsTheMappingAndImportsWithItWhenItIsGivenBack() throws IOException {
    String experiment = client.createExperiment("mail");
    RunInfo info = start(experiment, "only");
    client.logParam(info.getRunId(), "lr", "0.1");
    client.logMetric(info.getRunId(), "valid_rmse", 0.3);
    client.setTerminated(info.getRunId(), RunStatus.FINISHED);
    String[] source = {"--from", "mlflow", server.uri() + "/", "--experiment", "mail"};

    assertThat(run(source, "--dry-run")).isZero();
    assertThat(out).contains("mail/all:rmse@validation").contains("rmse: \"metrics.valid_rmse\"");
    assertThat(Files.exists(directory.resolve("lake"))).isFalse();
    Path mapping = Files.writeString(directory.resolve("mapping.yaml"), out);

    assertThat(run(source, "--mapping", mapping.toString(), "--json")).isZero();
    JsonNode summary = Json.mapper().readTree(out);
    assertThat(summary.path("imported").asInt()).isEqualTo(1);
    assertThat(summary.path("leftOut").isObject()).isTrue();
    assertThat(KernelLake.at(directory.resolve("lake")).read(RunsTable.TABLE).rows()).hasSize(1);
  }

  @Test
  void aServerThatIsNotThereIsExitCodeFourAndOneThatIsNoMlflowExitCodeTwo() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String[] answer = {"<html>hello</html>"};
    int[] status = {200};
    other.createContext(
        "/",
        exchange -> {
          byte[] body = answer[0].getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status[0], body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    other.start();
    String url = "http://127.0.0.1:" + other.getAddress().getPort();
    String[] source = {"--from", "mlflow", url};
    try {
      assertThat(run(source)).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(err)
          .startsWith("dormouse: " + url + " does not reply as an MLflow server does: ")
          .hasLineCount(1);
      answer[0] = "[1, 2";
      assertThat(run(source)).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(err).contains("gives no JSON").hasLineCount(1);
      status[0] = 503;
      assertThat(run(source)).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(err).contains("/experiments/search with error 503").hasLineCount(1);
    } finally {
      other.stop(0);
    }
    assertThat(run(source)).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err)
        .isEqualTo(
            "dormouse: MLflow at "
                + url
                + " cannot be reached for /api/2.0/mlflow/experiments/search (ConnectException); start it, or correct the URL"
                + System.lineSeparator());
    assertThat(run(new String[] {"--from", "mlflow", "mlflow:5000"})).isEqualTo(2);
    assertThat(err).contains("'mlflow:5000' is not the URL of an MLflow server");
    assertThat(run(new String[] {"--from", "mlflow"})).isEqualTo(2);
    assertThat(err).contains("No tracking server is known");
    assertThat(run(new String[] {"--from", "csv"})).isEqualTo(2);
    assertThat(err).contains("Name the files or directories to import.");
  }

  private static RunInfo start(String experiment, String name) {
    return client.createRun(
        org.mlflow.api.proto.Service.CreateRun.newBuilder()
            .setExperimentId(experiment)
            .setRunName(name)
            .setStartTime(System.currentTimeMillis())
            .build());
  }

  private static ImportSummary importRuns(SparkLake lake) {
    URI uri = server.uri();
    return MlflowImporter.importRuns(
        lake,
        new MlflowImportRequest(uri, List.of("ads"), Optional.empty(), "mlflow", 2, false),
        NOW,
        step -> {});
  }

  private static Map<String, Run> runs(SparkLake lake) {
    return lake.collect(RunsTable.TABLE, lake.read(RunsTable.TABLE)).stream()
        .map(RunsTable::decode)
        .collect(Collectors.toMap(Run::runId, run -> run));
  }

  private int run(String[] source, String... more) {
    StringWriter data = new StringWriter();
    StringWriter messages = new StringWriter();
    CommandLine commandLine =
        Dormouse.commandLine()
            .setOut(new PrintWriter(data, true))
            .setErr(new PrintWriter(messages, true));
    List<String> arguments = new java.util.ArrayList<>(List.of("import"));
    arguments.addAll(List.of(source));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--lake", directory.resolve("lake").toString()));
    int code = commandLine.execute(arguments.toArray(String[]::new));
    out = data.toString();
    err = messages.toString();
    return code;
  }
}
