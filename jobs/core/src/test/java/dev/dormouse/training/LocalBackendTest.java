package dev.dormouse.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CampaignSpec.Training;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalBackendTest {
  private static final String RESULT =
      "echo '{\"status\":\"ok\",\"metrics\":{\"auc\":0.78,\"test_auc\":0.77}}' >$out/result.json; ";

  private final TrialSpec trial =
      new TrialSpec(
          "b-1",
          Phase.BASELINE,
          ExampleCampaign.BASELINE,
          7,
          1,
          true,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
  private final TrialKey key = new TrialKey(ExampleCampaign.ID, "b-1", 1);
  private final Instant later = Instant.now().plus(Duration.ofMinutes(10));

  @TempDir Path dir;
  private LocalBackend backend;
  private Path run;

  @BeforeEach
  void start() {
    backend = new LocalBackend(dir.resolve("work"), Clock.systemUTC());
    run = dir.resolve("work").resolve(ExampleCampaign.ID).resolve("b-1").resolve("1");
  }

  private CampaignSpec spec(String script, Duration timeout) {
    CampaignSpec spec =
        ExampleCampaign.spec(
            "out=$(dirname {config_file}); " + script,
            dir.toString(),
            ExampleCampaign.trials(1, 0, 0, 0, 0));
    return new CampaignSpec(
        spec.campaignId(),
        spec.study(),
        spec.objective(),
        spec.baseline(),
        spec.searchSpace(),
        new Training("local", spec.training().command(), timeout, 0),
        spec.budget(),
        spec.guardrails(),
        spec.sources(),
        spec.trials());
  }

  private CampaignSpec spec(String script) {
    return spec(script, Duration.ofMinutes(1));
  }

  private Attempt attempt() {
    return Attempt.intended(key, trial, 1, later, Instant.EPOCH);
  }

  private String launch(CampaignSpec spec) {
    return backend.launch(spec, new Command.Launch(key, trial, later));
  }

  private Observation until(CampaignSpec spec, Predicate<Observation> wanted)
      throws InterruptedException {
    Observation seen = backend.observe(spec, attempt());
    while (!wanted.test(seen)) {
      TimeUnit.MILLISECONDS.sleep(20);
      seen = backend.observe(spec, attempt());
    }
    return seen;
  }

  private RunOutcome ended(CampaignSpec spec) throws InterruptedException {
    Observation seen = until(spec, o -> o instanceof Observation.Ended);
    return ((Observation.Ended) seen).outcome();
  }

  private void awaitFile(String name) throws InterruptedException {
    while (!Files.exists(dir.resolve(name))) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void whatATrainerLoggedToMlflowIsItsResultUnlessItLeftOneAndIsAwaitedIfItCannotBeAsked()
      throws Exception {
    CampaignSpec spec = spec("true");
    launch(spec);
    MlflowResults silent =
        new MlflowResults(
            backend,
            dir.resolve("work"),
            (campaign, runId) -> {
              throw new MlflowException.Unreachable("MLflow gave no answer", null);
            });
    while (!Files.exists(run.resolve("exit"))) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(silent.observe(spec, attempt()))
        .isEqualTo(new Observation.Unknown(key, "MLflow gave no answer"));
    MlflowResults logged =
        new MlflowResults(
            backend,
            dir.resolve("work"),
            (campaign, runId) ->
                runId.equals(key.runId()) ? Optional.of(Map.of("auc", 0.75)) : Optional.empty());
    assertThat(logged.observe(spec, attempt()))
        .isInstanceOfSatisfying(
            Observation.Ended.class,
            ended -> assertThat(ended.outcome().metrics()).containsEntry("auc", 0.75));
    assertThat(silent.observe(spec, attempt()))
        .as("found once, it is kept")
        .isInstanceOf(Observation.Ended.class);
    assertThat(Files.readString(run.resolve("config.json"))).contains(key.runId());
  }

  @Test
  void findsNothingBeforeTheLaunch() {
    assertThat(backend.observe(spec("true"), attempt())).isInstanceOf(Observation.NotFound.class);
  }

  @Test
  void tellsTheResultOfARunWithItsCurveAndCost() throws Exception {
    CampaignSpec spec =
        spec(
            "echo '{\"step\":1,\"metric\":\"auc\",\"value\":0.7}' >$out/metrics.jsonl; "
                + "echo '{\"step\":2,\"metric\":\"auc\",\"value\":NaN}' >>$out/metrics.jsonl; "
                + "printf '{\"step\":3,\"met' >>$out/metrics.jsonl; "
                // The clock of files is coarse.
                + "sleep 0.05; "
                + RESULT);
    launch(spec);
    RunOutcome outcome = ended(spec);
    assertThat(outcome.status()).isEqualTo(RunStatus.OK);
    assertThat(outcome.metrics()).containsEntry("auc", 0.78).containsEntry("test_auc", 0.77);
    assertThat(outcome.curve()).containsExactly(new MetricPoint("auc", 1, 0.7));
    assertThat(outcome.costMicros()).isBetween(1L, 10_000L);
  }

  @Test
  void tellsTheTrainerWhatToTrain() throws Exception {
    CampaignSpec spec = spec(RESULT);
    launch(spec);
    ended(spec);
    var config = Json.mapper().readTree(Files.readString(run.resolve("config.json")));
    assertThat(config.path("params").path("learning_rate").isNumber()).isTrue();
    assertThat(config.path("params").path("embedding_dim").asInt()).isEqualTo(16);
    assertThat(config.path("params").path("model").asText()).isEqualTo("dnn");
    assertThat(config.path("seed").asLong()).isEqualTo(7);
    assertThat(config.path("evaluate_test").asBoolean()).isTrue();
    assertThat(config.path("output_dir").asText()).isEqualTo(run.toString());
  }

  @Test
  void trainsOnceHoweverOftenItIsLaunched() throws Exception {
    CampaignSpec spec = spec("echo once >>trained; " + RESULT);
    String first = launch(spec);
    for (int i = 0; i < 8; i++) {
      assertThat(launch(spec)).isEqualTo(first);
    }
    ended(spec);
    launch(spec);
    assertThat(ended(spec).status()).isEqualTo(RunStatus.OK);
    awaitWrappers();
    assertThat(Files.readAllLines(dir.resolve("trained"))).hasSize(1);
  }

  /** Until every wrapper has looked and left: whoever comes when the files are gone would train. */
  private void awaitWrappers() {
    ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains(run.toString()))
        .forEach(child -> child.onExit().join());
  }

  @Test
  void aLaunchThatComesTooLateAbortsItself() throws Exception {
    CampaignSpec spec = spec("echo once >>trained; " + RESULT);
    backend.launch(spec, new Command.Launch(key, trial, Instant.now().minusSeconds(60)));
    until(spec, o -> o instanceof Observation.AbortedLate);
    assertThat(dir.resolve("trained")).doesNotExist();
  }

  @Test
  void recognisesDivergenceAndKeepsTheLineThatTellsIt() throws Exception {
    CampaignSpec spec = spec("echo 'epoch 3: loss is nan' >&2; exit 1");
    launch(spec);
    RunOutcome outcome = ended(spec);
    assertThat(outcome.status()).isEqualTo(RunStatus.DIVERGED);
    assertThat(outcome.detail()).contains("epoch 3: loss is nan");
  }

  @Test
  void recognisesAKilledTrainerAsOutOfMemory() throws Exception {
    CampaignSpec spec = spec("kill -s KILL $$");
    launch(spec);
    assertThat(ended(spec).status()).isEqualTo(RunStatus.OOM);
  }

  @Test
  void aHalfWrittenResultIsNoResult() throws Exception {
    CampaignSpec spec = spec("printf '{\"status\":\"ok\",\"metr' >$out/result.json");
    launch(spec);
    assertThat(ended(spec).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void endsATrainerWithAllItsChildrenAtItsTimeLimit() throws Exception {
    CampaignSpec spec =
        spec("sh -c 'echo $$ >child; exec sleep 300' & sleep 300", Duration.ofSeconds(1));
    launch(spec);
    RunOutcome outcome = ended(spec);
    assertThat(outcome.status()).isEqualTo(RunStatus.TIMEOUT);
    long child = Long.parseLong(Files.readString(dir.resolve("child")).strip());
    assertThat(isRunning(child)).isFalse();
  }

  @Test
  void stopsARunOnPurpose() throws Exception {
    CampaignSpec spec = spec("touch begun; sleep 300");
    launch(spec);
    awaitFile("begun");
    backend.stop(spec, new Command.Stop(key, "halted"));
    assertThat(ended(spec).status()).isEqualTo(RunStatus.ABANDONED);
  }

  @Test
  void aRunIsRunningUntilItEnds() throws Exception {
    CampaignSpec spec = spec("touch begun; while [ ! -e go ]; do sleep 0.05; done; " + RESULT);
    String id = launch(spec);
    awaitFile("begun");
    assertThat(backend.observe(spec, attempt()))
        .isEqualTo(new Observation.Running(key, id, List.of()));
    Files.createFile(dir.resolve("go"));
    assertThat(ended(spec).status()).isEqualTo(RunStatus.OK);
  }

  @Test
  void aSearchingRunShowsItsCurveWhileItTrains() throws Exception {
    CampaignSpec spec =
        spec(
            "echo '{\"step\":1,\"metric\":\"auc\",\"value\":0.7}' >$out/metrics.jsonl; touch begun; sleep 300");
    String id = launch(spec);
    awaitFile("begun");
    TrialSpec searching =
        new TrialSpec(
            trial.trialId(),
            Phase.VALIDATION,
            trial.arm(),
            trial.seed(),
            trial.fidelity(),
            trial.useTestSplit(),
            trial.hypothesisId(),
            trial.source(),
            trial.predictedGain(),
            trial.amends());
    assertThat(backend.observe(spec, Attempt.intended(key, searching, 1, later, Instant.EPOCH)))
        .isEqualTo(new Observation.Running(key, id, List.of(new MetricPoint("auc", 1, 0.7))));
    backend.stop(spec, new Command.Stop(key, "seen enough"));
    assertThat(ended(spec).status()).isEqualTo(RunStatus.ABANDONED);
  }

  @Test
  void aRunWhoseProcessesVanishedIsTheMachinesFaultAfterAWhile() throws Exception {
    CampaignSpec spec = spec("touch begun; sleep 300");
    String id = launch(spec);
    awaitFile("begun");
    long wrapper = pid("pid");
    kill(wrapper);
    long trainer = pid("trainer");
    assertThat(backend.observe(spec, attempt()))
        .isEqualTo(new Observation.Running(key, id, List.of()));
    kill(trainer);
    assertThat(backend.observe(spec, attempt()))
        .isEqualTo(new Observation.Running(key, id, List.of()));
    Clock afterwards = Clock.fixed(Instant.now().plusSeconds(60), ZoneOffset.UTC);
    backend = new LocalBackend(dir.resolve("work"), afterwards);
    assertThat(ended(spec).status()).isEqualTo(RunStatus.INFRA);
  }

  @Test
  void aYoungerProcessWithTheSameIdIsNotTheRun() throws Exception {
    Files.createDirectories(run.resolve("claim"));
    Path pid = run.resolve("pid");
    Files.writeString(pid, Long.toString(ProcessHandle.current().pid()));
    Instant longAgo = Instant.now().minus(Duration.ofDays(1));
    Files.setLastModifiedTime(pid, FileTime.from(longAgo));
    Files.setLastModifiedTime(run.resolve("claim"), FileTime.from(longAgo));
    assertThat(ended(spec("true")).status()).isEqualTo(RunStatus.INFRA);
  }

  private long pid(String file) throws IOException, InterruptedException {
    while (!Files.exists(run.resolve(file))) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return Long.parseLong(Files.readString(run.resolve(file)).strip());
  }

  private static void kill(long pid) throws InterruptedException {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    while (isRunning(pid)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /** Whether a process runs; one that ended but was not reaped does not. */
  private static boolean isRunning(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
    } catch (IOException e) {
      return false;
    }
  }
}
