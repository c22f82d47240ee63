package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.io.KernelLake;
import dev.dormouse.report.SampleCampaign;
import dev.dormouse.table.Json;
import dev.dormouse.table.LlmCallsTable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;

/** Against a real tracking server. */
@Tag("server")
class MlflowOutboxTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private static Path directory;
  private static MlflowServer server;
  private static MlflowClient client;

  @BeforeAll
  static void startServer() throws Exception {
    server = MlflowServer.start(directory);
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
  void publishesACampaignWithPhasesAndTrialsNestedUnderIt() throws Exception {
    CampaignState state = SampleCampaign.finished("whole", "").state();
    List<String> done = outbox(server.uri()).publish(state);

    assertThat(done).containsExactlyElementsOf(keys(state));
    Map<String, Run> runs = runs("whole");
    Run campaign = runs.get("campaign:whole");
    Run phase = runs.get("phase:whole:validation");
    assertThat(campaign.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
    assertThat(tags(campaign))
        .containsEntry("dormouse.verdict", "confirmed")
        .containsEntry("dormouse.status", "finished");
    assertThat(tags(campaign).get("mlflow.note.content"))
        .startsWith("## raise auc on ")
        .contains("## Plan ");
    assertThat(tags(phase)).containsEntry("mlflow.parentRunId", campaign.getInfo().getRunId());
    List<Run> trials =
        runs.values().stream()
            .filter(run -> phase.getInfo().getRunId().equals(tags(run).get("mlflow.parentRunId")))
            .toList();
    assertThat(trials).hasSize(8);
    assertThat(trials.stream().filter(run -> run.getInfo().getStatus() == RunStatus.FAILED))
        .extracting(run -> tags(run).get("dormouse.failure"))
        .containsExactlyInAnyOrder("diverged", "oom");
    assertThat(file(campaign, "plan/plan.md")).startsWith("# Plan ");
  }

  @Test
  void reportAndLogsAreArtifactsAndTheWinnerIsOneModelHoweverOftenItIsPublished() throws Exception {
    CampaignState state = SampleCampaign.finished("story", "").state();
    ArtifactSource files = (any, artifact) -> Optional.of(artifact.from() + " " + artifact.path());
    MlflowOutbox outbox = new MlflowOutbox(server.uri(), PATIENCE, Links.NONE, files);
    outbox.publish(state);
    outbox.publish(state);

    Map<String, Run> runs = runs("story");
    Run campaign = runs.get("campaign:story");
    assertThat(file(campaign, "report/report.html")).isEqualTo("REPORT report/report.html");
    assertThat(file(campaign, "evidence/runs.csv")).startsWith("run_id,phase,source,");
    Run trial = runs.get("trial:" + state.attempts().keySet().iterator().next().runId());
    assertThat(file(trial, "logs/train.log")).isEqualTo("TRAINING_LOG logs/train.log");
    String experiment = campaign.getInfo().getExperimentId();
    JsonNode models =
        Json.mapper()
            .readTree(
                client.sendPost(
                    "logged-models/search", "{\"experiment_ids\":[\"" + experiment + "\"]}"));
    assertThat(models.path("models")).hasSize(1);
    assertThat(models.path("models").get(0).path("info").path("name").asText())
        .isEqualTo("winner-" + state.verdict().orElseThrow().winner().orElseThrow().configId());
    JsonNode run =
        Json.mapper().readTree(client.sendGet("runs/get?run_id=" + campaign.getInfo().getRunId()));
    assertThat(run.path("run").path("outputs").path("model_outputs")).hasSize(1);
    assertThat(run.path("run").path("inputs").path("dataset_inputs")).hasSize(1);
  }

  @Test
  void tagsThatPeopleSetAreReadAndSurviveTheNextPublishing() {
    SampleCampaign sample = SampleCampaign.finished("tagged", "");
    MlflowReader reader = new MlflowReader(server.uri());
    assertThat(reader.tagOfCampaign("tagged", "dormouse.decision"))
        .as("not published yet")
        .isEmpty();
    outbox(server.uri()).publish(sample.stateAfter(2));
    assertThat(reader.tagOfCampaign("tagged", "dormouse.decision")).isEmpty();
    String run = runs("tagged").get("campaign:tagged").getInfo().getRunId();
    client.setTag(run, "dormouse.decision", "approve 12ab by ann");
    outbox(server.uri()).publish(sample.stateAfter(12));
    assertThat(reader.tagOfCampaign("tagged", "dormouse.decision")).contains("approve 12ab by ann");
  }

  @Test
  void theNewestMetricsThatATrainerLoggedForAnAttemptAreRead() {
    MlflowReader reader = new MlflowReader(server.uri());
    assertThat(reader.metricsOfAttempt("logged", "logged.t.1")).as("no experiment").isEmpty();
    String experiment = client.createExperiment("dormouse/logged");
    String run = client.createRun(experiment).getRunUuid();
    client.setTag(run, "dormouse.run_id", "logged.t.1");
    assertThat(reader.metricsOfAttempt("logged", "logged.t.1")).as("nothing logged").isEmpty();
    client.logMetric(run, "auc", 0.7, 1_000, 1);
    client.logMetric(run, "auc", 0.75, 2_000, 2);
    assertThat(reader.metricsOfAttempt("logged", "logged.t.1")).contains(Map.of("auc", 0.75));
    assertThat(reader.metricsOfAttempt("logged", "logged.t.2")).isEmpty();
  }

  @Test
  void publishingAgainChangesNothing() {
    CampaignState state = SampleCampaign.finished("twice", "").stateAfter(40);
    MlflowOutbox outbox = outbox(server.uri());
    outbox.publish(state);
    Map<String, Run> first = runs("twice");
    String campaignRun = first.get("campaign:twice").getInfo().getRunId();
    List<Metric> lift = client.getMetricHistory(campaignRun, "campaign/lift_over_baseline");

    assertThat(outbox.publish(state)).containsExactlyElementsOf(keys(state));
    assertThat(runs("twice")).isEqualTo(first);
    assertThat(client.getMetricHistory(campaignRun, "campaign/lift_over_baseline"))
        .containsExactlyInAnyOrderElementsOf(lift);
    CampaignState acked = SampleCampaign.acked(state, keys(state));
    assertThat(outbox.pending(acked)).isZero();
    assertThat(outbox.publish(acked)).isEmpty();
  }

  @Test
  void publishingEventByEventEndsLikePublishingOnce() {
    SampleCampaign sample = SampleCampaign.finished("steps", "");
    MlflowOutbox outbox = outbox(server.uri());
    for (int events = 1; events <= 40; events += 6) {
      outbox.publish(sample.stateAfter(events));
    }
    CampaignState last = sample.stateAfter(41);
    long finished = last.attempts().values().stream().filter(a -> a.outcome().isPresent()).count();
    outbox.publish(last);
    Map<String, Run> runs = runs("steps");
    assertThat(runs).hasSize(1 + 2 + (int) finished);
    String campaignRun = runs.get("campaign:steps").getInfo().getRunId();
    assertThat(client.getMetricHistory(campaignRun, "campaign/trials_done"))
        .hasSize((int) finished);
  }

  @Test
  void aPublisherKilledAtAnyRequestIsResumedWithoutDuplicates() throws Exception {
    for (int answered = 1; answered <= 14; answered++) {
      String id = "killed-" + answered;
      CampaignState state = SampleCampaign.finished(id, "").stateAfter(12);
      List<String> done;
      try (CutProxy proxy = new CutProxy(server.uri(), 0, answered)) {
        done = outbox(proxy.uri()).publish(state);
        assertThat(proxy.requests()).isGreaterThan(answered);
      }
      assertThat(keys(state).stream().filter(done::contains)).containsExactlyElementsOf(done);
      CampaignState resumed = SampleCampaign.acked(state, done);
      assertThat(outbox(server.uri()).publish(resumed))
          .containsExactlyElementsOf(
              OutboxItems.pending(resumed, Links.NONE).stream().map(OutboxItem::key).toList());
      assertThat(runs(id)).hasSize(4);
    }
  }

  @Test
  void aServerThatIsDownLeavesAllPendingUntilItComesBack() throws Exception {
    CampaignState state = SampleCampaign.finished("outage", "").stateAfter(20);
    int port = MlflowServer.freePort();
    MlflowOutbox outbox = outbox(URI.create("http://127.0.0.1:" + port));
    assertThat(outbox.publish(state)).isEmpty();
    try (CutProxy back = new CutProxy(server.uri(), port, Integer.MAX_VALUE - 1)) {
      assertThat(back.uri().getPort()).isEqualTo(port);
      assertThat(outbox.publish(state)).containsExactlyElementsOf(keys(state));
    }
  }

  @Test
  void aTypicalTickCostsFewRequests() throws Exception {
    SampleCampaign sample = SampleCampaign.finished("frugal", "");
    CampaignState before = sample.stateAfter(20);
    outbox(server.uri()).publish(before);
    CampaignState now = SampleCampaign.acked(before, keys(before));
    CampaignState next = SampleCampaign.acked(sample.stateAfter(23), keys(before));
    assertThat(OutboxItems.pending(now, Links.NONE)).isEmpty();
    try (CutProxy counter = new CutProxy(server.uri(), 0, Integer.MAX_VALUE - 1)) {
      assertThat(outbox(counter.uri()).publish(next)).isNotEmpty();
      assertThat(counter.requests()).isLessThanOrEqualTo(15);
    }
  }

  @Test
  void callsOfLanguageModelsAreTracesOfTheirCampaignsRunOnceItIsThere() throws Exception {
    KernelLake lake = KernelLake.at(directory.resolve("lake"));
    LlmTraces traces = new LlmTraces(server.uri(), lake);
    assertThat(traces.publish()).as("nothing was asked").isZero();
    lake.create(LlmCallsTable.TABLE);
    lake.append(
        LlmCallsTable.TABLE,
        List.of(
            LlmTracesTest.call("asked", "a", "hello", "ok"),
            LlmTracesTest.call("asked", "b", "hello again", "invalid"),
            LlmTracesTest.call("unpublished", "c", "hello", "ok")));
    assertThat(traces.publish()).as("the campaign is not there yet").isZero();
    outbox(server.uri()).publish(SampleCampaign.finished("asked", "").stateAfter(2));

    assertThat(traces.publish()).isEqualTo(2);
    assertThat(traces.publish()).as("once").isZero();
    assertThat(new LlmTraces(server.uri(), KernelLake.at(directory.resolve("lake"))).publish())
        .isZero();

    Run campaign = runs("asked").get("campaign:asked");
    JsonNode found = tracesOf(campaign);
    assertThat(found).hasSize(2);
    assertThat(found.findValuesAsText("state")).containsExactlyInAnyOrder("OK", "ERROR");
    for (JsonNode trace : found) {
      JsonNode usage =
          Json.mapper()
              .readTree(trace.path("trace_metadata").path("mlflow.trace.tokenUsage").asText());
      assertThat(usage.path("input_tokens").asInt()).isEqualTo(12);
      assertThat(usage.path("output_tokens").asInt()).isEqualTo(3);
    }
  }

  private static JsonNode tracesOf(Run run) throws Exception {
    String search =
        Json.write(
            Map.of(
                "locations",
                List.of(
                    Map.of(
                        "type",
                        "MLFLOW_EXPERIMENT",
                        "mlflow_experiment",
                        Map.of("experiment_id", run.getInfo().getExperimentId()))),
                "filter",
                "attributes.run_id = '" + run.getInfo().getRunId() + "'",
                "max_results",
                10));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/api/3.0/mlflow/traces/search"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(search))
            .build();
    return Json.mapper().readTree(sent(request)).path("traces");
  }

  @Test
  void longAndOddTextsAreFittedToMlflowsLimits() {
    String odd = " é😀 \" ' " + "x".repeat(9_000);
    CampaignState state = SampleCampaign.finished("odd", odd).stateAfter(40);
    assertThat(outbox(server.uri()).publish(state)).containsExactlyElementsOf(keys(state));
  }

  /** Without a limit that a busy machine would reach. */
  private static MlflowOutbox outbox(URI uri) {
    return new MlflowOutbox(uri, PATIENCE, Links.NONE, ArtifactSource.NONE);
  }

  private static List<String> keys(CampaignState state) {
    return OutboxItems.of(state, Links.NONE).stream().map(OutboxItem::key).toList();
  }

  /** The runs of a campaign by their key; fails if two have the same. */
  private static Map<String, Run> runs(String campaignId) {
    String experiment =
        client.getExperimentByName("dormouse/" + campaignId).orElseThrow().getExperimentId();
    return client.searchRuns(List.of(experiment), "", ViewType.ALL, 1000).getItems().stream()
        .collect(Collectors.toMap(run -> tags(run).get(OutboxItem.KEY_TAG), run -> run));
  }

  private static Map<String, String> tags(Run run) {
    return run.getData().getTagsList().stream()
        .collect(Collectors.toMap(RunTag::getKey, RunTag::getValue));
  }

  private static String file(Run run, String file) throws Exception {
    String path = URI.create(run.getInfo().getArtifactUri()).getPath();
    URI uri = URI.create(server.uri() + "/api/2.0/mlflow-artifacts/artifacts" + path + "/" + file);
    return sent(HttpRequest.newBuilder(uri).build());
  }

  private static String sent(HttpRequest request) throws Exception {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
