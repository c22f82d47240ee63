package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.airflow.AirflowAdmin;
import dev.dormouse.airflow.AirflowClient;
import dev.dormouse.airflow.DagRun;
import dev.dormouse.airflow.TaskInstance;
import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.training.AirflowBackend;
import dev.dormouse.training.AirflowServer;
import dev.dormouse.training.AirflowTest;
import dev.dormouse.training.FaultProxy;
import dev.dormouse.training.FaultProxy.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Campaigns that train in a real Airflow while something goes wrong: whatever it is, no attempt is
 * trained twice, nothing is lost, and the log says in words what stood in the way. It mostly waits,
 * and runs beside the other tests; its methods run one after the other.
 */
@Timeout(600)
@AirflowTest
class AirflowTroubleTest {
  private static final String TRIGGER = "/api/v2/dags/" + AirflowBackend.DAG + "/dagRuns";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Longer than a test may wait for Airflow while a training goes on. */
  private static final Duration TIMEOUT = PATIENCE.multipliedBy(4);

  @TempDir Path dir;
  private static AirflowServer airflow;
  private static AirflowAdmin admin;

  private String id = "";
  private KernelLake lake;

  @BeforeAll
  static void up() throws Exception {
    airflow = AirflowServer.shared();
    admin = airflow.admin();
  }

  /** An approved campaign of a single training, of this name. */
  private void approved(String name, String command) throws IOException {
    id = name;
    lake = KernelLake.at(dir.resolve("lake"));
    CampaignSpec shell = ShellTrainer.campaign(dir);
    CampaignSpec spec =
        new CampaignSpec(
            id,
            shell.study(),
            shell.objective(),
            shell.baseline(),
            shell.searchSpace(),
            new CampaignSpec.Training("airflow", command, TIMEOUT, 0),
            shell.budget(),
            shell.guardrails(),
            shell.sources(),
            ExampleCampaign.trials(1, 0, 0, 0, 0));
    Plan plan = ExampleCampaign.plan(spec);
    Campaigns.create(lake, spec, "ann", Instant.now());
    Campaigns.planned(lake, id, plan, Instant.now());
    Inbox.send(
        lake,
        new InboxMessage.Approve(
            new InboxMessage.Header("m", id, "ann", Instant.now(), "cli", ""),
            plan.hash(),
            OptionalLong.empty()));
  }

  private void approved(String name) throws IOException {
    approved(name, "sh trainer.sh {config_file}");
  }

  /** A tick as it is in production: a new one each time, that knows nothing of the others. */
  private CampaignState tick(FaultProxy proxy) throws IOException {
    AirflowClient client = new AirflowClient(proxy.uri(), airflow.account());
    Clock clock = Clock.systemUTC();
    AirflowBackend backend = new AirflowBackend(client, dir.resolve("work"), clock);
    new Ticker(TickServices.of(lake, backend, Optional.empty(), clock)).tick();
    return CampaignLog.read(lake).state(id).orElseThrow();
  }

  private CampaignState tickUntil(FaultProxy proxy, Predicate<CampaignState> reached)
      throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    CampaignState state = tick(proxy);
    while (!reached.test(state)) {
      assertThat(Instant.now()).as("still %s", state.attempts()).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(500);
      state = tick(proxy);
    }
    return state;
  }

  private static void until(String what, BooleanSupplier reached) throws InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!reached.getAsBoolean()) {
      assertThat(Instant.now()).as("waiting until %s", what).isBefore(deadline);
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private FaultProxy clean() throws IOException {
    return new FaultProxy(airflow.uri(), (method, path) -> Fate.PASSES);
  }

  /** The first requests to trigger a training meet this fate. */
  private FaultProxy triggersMeet(Fate fate, int times) throws IOException {
    int[] left = {times};
    return new FaultProxy(
        airflow.uri(),
        (method, path) ->
            method.equals("POST") && path.equals(TRIGGER) && left[0]-- > 0 ? fate : Fate.PASSES);
  }

  /** The campaign ended, and each of its attempts was one run in Airflow that trained once. */
  private CampaignState assertEndedWithOneRunAnAttempt(FaultProxy proxy) throws Exception {
    CampaignState state = tickUntil(proxy, CampaignState::isOver);
    List<String> attempts = state.attempts().keySet().stream().map(TrialKey::runId).toList();
    assertThat(runs()).extracting(DagRun::dagRunId).containsExactlyInAnyOrderElementsOf(attempts);
    assertThat(ShellTrainer.trained(dir)).hasSize(attempts.size()).doesNotHaveDuplicates();
    assertThat(state.attempts().values())
        .allSatisfy(
            attempt ->
                assertThat(attempt.outcome().map(RunOutcome::status)).contains(RunStatus.OK));
    assertThat(state.hindrance()).isEmpty();
    return state;
  }

  private List<DagRun> runs() {
    return admin.runs(AirflowBackend.DAG, id + ".");
  }

  /** What stood in the way, as the log tells it; the empty one says that it is over. */
  private List<String> hindrances() {
    return CampaignLog.readWithEvents(lake, id).events().stream()
        .filter(logged -> logged.event() instanceof CampaignEvent.Hindered)
        .map(logged -> ((CampaignEvent.Hindered) logged.event()).reason())
        .toList();
  }

  @Test
  void aLostReplyToALaunchLeavesOneRun() throws Exception {
    approved("lost-reply");
    try (FaultProxy proxy = triggersMeet(Fate.LOSES_ITS_REPLY, 1)) {
      CampaignState state = tick(proxy);
      assertThat(state.open()).extracting(Attempt::externalId).containsExactly(Optional.empty());
      assertEndedWithOneRunAnAttempt(proxy);
      assertThat(hindrances().get(0)).contains("trigger DAG dormouse_train").contains("no answer");
    }
  }

  @Test
  void aTokenThatExpiresInBetweenIsRenewedUnnoticed() throws Exception {
    approved("expired-token");
    try (FaultProxy proxy = triggersMeet(Fate.IS_REFUSED, 1)) {
      assertEndedWithOneRunAnAttempt(proxy);
      assertThat(hindrances()).isEmpty();
    }
  }

  @Test
  void serverErrorsForSeveralTicksAreToldOnce() throws Exception {
    approved("errors");
    try (FaultProxy broken = new FaultProxy(airflow.uri(), (m, p) -> Fate.FAILS);
        FaultProxy mended = clean()) {
      tick(broken);
      long after = CampaignLog.read(lake).state(id).orElseThrow().lastSeq();
      tick(broken);
      tick(broken);
      assertThat(CampaignLog.read(lake).state(id).orElseThrow().lastSeq())
          .as("events of the later ticks: what is unknown instead of what could not be launched")
          .isLessThanOrEqualTo(after + 1);
      assertEndedWithOneRunAnAttempt(mended);
      assertThat(hindrances().get(0)).contains("500").contains("the next tick tries again");
    }
  }

  @Test
  void anIdThatSomebodyElseTookIsToldAndNotTakenForOurs() throws Exception {
    approved("taken");
    try (FaultProxy lost = triggersMeet(Fate.FAILS, 1);
        FaultProxy proxy = clean()) {
      String runId = tick(lost).open().get(0).key().runId();
      admin.pause(AirflowBackend.DAG);
      admin.client().trigger(AirflowBackend.DAG, runId, Map.of("command", "true"));
      CampaignState state = tick(proxy);
      assertThat(state.open()).extracting(Attempt::externalId).containsExactly(Optional.empty());
      assertThat(state.hindrance()).contains("The run " + runId);
      admin.delete(AirflowBackend.DAG, runId);
      admin.unpause(AirflowBackend.DAG);
      assertEndedWithOneRunAnAttempt(proxy);
    } finally {
      admin.unpause(AirflowBackend.DAG);
    }
  }

  @Test
  void aConflictThatIsNotOfOurIdIsToldAndTriedAgain() throws Exception {
    approved("dated-a");
    try (FaultProxy dated = triggersMeet(Fate.IS_DATED, 1)) {
      assertEndedWithOneRunAnAttempt(dated);
    }
    KernelLake first = lake;
    dir = Files.createDirectories(dir.resolve("second"));
    approved("dated-b");
    assertThat(lake.root()).isNotEqualTo(first.root());
    try (FaultProxy dated = triggersMeet(Fate.IS_DATED, 1)) {
      tick(dated);
      assertThat(runs()).as("the date is taken").isEmpty();
      assertEndedWithOneRunAnAttempt(dated);
      assertThat(hindrances().get(0)).contains("409");
    }
  }

  @Test
  void aPausedDagIsToldAndTrainsWhenItGoesOn() throws Exception {
    approved("paused");
    try (FaultProxy proxy = clean()) {
      admin.pause(AirflowBackend.DAG);
      tick(proxy);
      CampaignState state = tick(proxy);
      assertThat(state.hindrance())
          .isEqualTo("DAG dormouse_train is paused in Airflow; unpause it");
      assertThat(tick(proxy).lastSeq()).as("told once").isEqualTo(state.lastSeq());
      admin.unpause(AirflowBackend.DAG);
      assertEndedWithOneRunAnAttempt(proxy);
    } finally {
      admin.unpause(AirflowBackend.DAG);
    }
  }

  @Test
  void aRunThatSomebodyDeletedBeforeItTrainedCostsNothingAndIsTriedAgain() throws Exception {
    approved("deleted");
    try (FaultProxy proxy = clean()) {
      admin.pause(AirflowBackend.DAG);
      String runId = tick(proxy).open().get(0).key().runId();
      admin.delete(AirflowBackend.DAG, runId);
      CampaignState state = tick(proxy);
      assertThat(state.diagnoses())
          .singleElement()
          .satisfies(d -> assertThat(d.cause()).isEqualTo("infra"))
          .satisfies(d -> assertThat(d.detail()).contains("deleted the run in Airflow"));
      assertThat(state.settledMicros()).isLessThan(GpuHours.micros(Duration.ofSeconds(2), 0));
      admin.unpause(AirflowBackend.DAG);
      state = tickUntil(proxy, CampaignState::isOver);
      assertThat(state.attempts().keySet()).extracting(TrialKey::attempt).containsExactly(1, 2);
      assertThat(ShellTrainer.trained(dir)).hasSize(1);
    } finally {
      admin.unpause(AirflowBackend.DAG);
    }
  }

  @Test
  void aDagThatDoesNotParseIsToldAndTrainsWhenMended() throws Exception {
    approved("import-error");
    Path dag = airflow.dags().resolve("dormouse_train.py");
    String source = Files.readString(dag);
    try (FaultProxy proxy = clean()) {
      Files.writeString(dag, "import nothing_of_this_name\n" + source);
      until(
          "the error shows", () -> admin.client().dag(AirflowBackend.DAG).get().hasImportErrors());
      assertThat(tick(proxy).hindrance())
          .isEqualTo("DAG dormouse_train does not parse in Airflow; see its import errors");
      Files.writeString(dag, source);
      until("it is mended", () -> !admin.client().dag(AirflowBackend.DAG).get().hasImportErrors());
      assertEndedWithOneRunAnAttempt(proxy);
    } finally {
      Files.writeString(dag, source);
    }
  }

  @Test
  void aSchedulerThatIsDownIsTold() throws Exception {
    approved("no-scheduler");
    try (FaultProxy proxy = clean()) {
      airflow.killScheduler();
      until("it is missed", () -> !admin.client().isSchedulerHealthy());
      tick(proxy);
      assertThat(tick(proxy).hindrance()).contains("scheduler is not healthy");
      airflow.up();
      assertEndedWithOneRunAnAttempt(proxy);
    } finally {
      airflow.up();
    }
  }

  @Test
  void aTrainingThatOutlivesItsSchedulerCountsOnceAlthoughAirflowStartsItAgain() throws Exception {
    // The training waits for this file: so it outlives its scheduler on slow machines, too.
    Path go = dir.resolve("go");
    approved(
        "killed-scheduler",
        "while [ ! -e '%s' ]; do sleep 1; done; sh trainer.sh {config_file}".formatted(go));
    try (FaultProxy proxy = clean()) {
      String runId = tick(proxy).open().get(0).key().runId();
      until("it trains", () -> tries(runId) == 1 && isClaimed(runId));
      Instant killed = Instant.now();
      airflow.killScheduler();
      // Only tasks of a scheduler that is missed are started again.
      until("it is missed", () -> !admin.client().isSchedulerHealthy());
      airflow.up();
      until("Airflow tries again", () -> tries(runId) > 1);
      Instant released = Instant.now();
      Files.createFile(go);
      CampaignState state = assertEndedWithOneRunAnAttempt(proxy);
      RunOutcome outcome = state.attempts().values().iterator().next().outcome().orElseThrow();
      assertThat(outcome.startedAt()).as("start of the first try").isBefore(killed);
      assertThat(outcome.finishedAt()).isAfterOrEqualTo(released.truncatedTo(ChronoUnit.SECONDS));
      Duration length = Duration.between(outcome.startedAt(), outcome.finishedAt());
      assertThat(outcome.costMicros()).isEqualTo(GpuHours.micros(length, 0));
      assertThat(state.settledMicros()).isEqualTo(outcome.costMicros());
      until("Airflow sees the end", () -> runs().get(0).state().equals("success"));
    } finally {
      airflow.up();
    }
  }

  @Test
  void aRunThatSomebodyMarksAsFailedStopsItsTraining() throws Exception {
    approved("marked", "sleep 600");
    try (FaultProxy proxy = clean()) {
      String runId = tick(proxy).open().get(0).key().runId();
      until("it trains", () -> isClaimed(runId));
      admin.markFailed(AirflowBackend.DAG, runId);
      CampaignState state = tickUntil(proxy, s -> s.open().isEmpty());
      assertThat(state.attempts().values())
          .singleElement()
          .satisfies(
              a -> assertThat(a.outcome().map(RunOutcome::status)).contains(RunStatus.ABANDONED));
    }
  }

  @Test
  void aWorkerThatDoesNotShareTheRunDirectoryIsToldInTheWordsOfAirflowsLog() throws Exception {
    approved("not-shared");
    try (FaultProxy proxy = clean()) {
      admin.pause(AirflowBackend.DAG);
      String runId = tick(proxy).open().get(0).key().runId();
      Files.delete(directory(runId).resolve("run-trial.sh"));
      admin.unpause(AirflowBackend.DAG);
      CampaignState state = tickUntil(proxy, s -> !s.diagnoses().isEmpty());
      assertThat(state.diagnoses().get(0).cause()).isEqualTo("infra");
      assertThat(state.diagnoses().get(0).detail())
          .contains("share work.dir with Airflow's workers");
      tickUntil(proxy, CampaignState::isOver);
    } finally {
      admin.unpause(AirflowBackend.DAG);
    }
  }

  @Test
  void aLaunchThatComesTooLateAbortsItselfAndShows() throws Exception {
    approved("late");
    try (FaultProxy lost = triggersMeet(Fate.FAILS, 1);
        FaultProxy proxy = clean()) {
      Attempt attempt = tick(lost).open().get(0);
      CampaignSpec spec = CampaignLog.read(lake).state(id).orElseThrow().spec().orElseThrow();
      AirflowBackend backend =
          new AirflowBackend(
              new AirflowClient(proxy.uri(), airflow.account()),
              dir.resolve("work"),
              Clock.systemUTC());
      Instant past = Instant.now().minusSeconds(60);
      backend.launch(spec, new Command.Launch(attempt.key(), attempt.trial(), past));
      until("it aborts", () -> backend.observe(spec, attempt) instanceof Observation.AbortedLate);
      until("Airflow shows it", () -> runs().get(0).state().equals("failed"));
      assertThat(tick(proxy).attempts().get(attempt.key()).released()).isTrue();
      tickUntil(proxy, CampaignState::isOver);
      assertThat(ShellTrainer.trained(dir)).as("the next attempt").hasSize(1);
    }
  }

  private int tries(String runId) {
    return admin.client().tasks(AirflowBackend.DAG, runId).stream()
        .filter(task -> task.taskId().equals("train"))
        .mapToInt(TaskInstance::tryNumber)
        .findFirst()
        .orElse(0);
  }

  private boolean isClaimed(String runId) {
    return Files.exists(directory(runId).resolve("trainer"));
  }

  private Path directory(String runId) {
    return dir.resolve("work").resolve(runId.replace('.', '/'));
  }

  @Test
  void anAccountThatMayTriggerAndReadSufficesEvenToStopATraining() throws Exception {
    approved("small-account", "sleep 600");
    try (FaultProxy proxy =
        new FaultProxy(
            airflow.uri(),
            (method, path) ->
                method.equals("GET")
                        || (method.equals("POST") && path.equals(TRIGGER))
                        || path.equals("/auth/token")
                    ? Fate.PASSES
                    : Fate.IS_FORBIDDEN)) {
      String runId = tick(proxy).open().get(0).key().runId();
      until("it trains", () -> isClaimed(runId));
      Inbox.send(
          lake,
          new InboxMessage.Halt(
              new InboxMessage.Header("h", id, "ann", Instant.now(), "cli", "enough")));
      CampaignState state = tickUntil(proxy, s -> s.open().isEmpty());
      assertThat(state.attempts().values())
          .singleElement()
          .satisfies(
              a -> assertThat(a.outcome().map(RunOutcome::status)).contains(RunStatus.ABANDONED));
      assertThat(hindrances()).isEmpty();
      until("Airflow sees the end", () -> runs().get(0).state().equals("failed"));
    }
  }
}
