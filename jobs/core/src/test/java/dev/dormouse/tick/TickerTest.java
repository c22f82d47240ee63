package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.DiagnosesTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TickRunsTable;
import dev.dormouse.table.TouchesTable;
import dev.dormouse.training.LocalBackend;
import dev.dormouse.training.TrainingBackend;
import dev.dormouse.training.TrainingBackendException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TickerTest {
  @TempDir Path dir;
  private KernelLake lake;
  private CampaignSpec spec;
  private TrainingBackend backend;

  @BeforeEach
  void plan() throws IOException {
    lake = KernelLake.at(dir.resolve("lake"));
    spec = ShellTrainer.campaign(dir);
    backend = new LocalBackend(dir.resolve("work"), Clock.systemUTC());
    Campaigns.create(lake, spec, "ann", Instant.now());
    Campaigns.planned(lake, spec.campaignId(), ExampleCampaign.plan(spec), Instant.now());
  }

  /** A tick that reads and writes through another store, or decides by another rule. */
  private Ticker ticker(TableStore store, Decider.Rule rule, Duration decisionTimeout) {
    TickServices real = TickServices.of(lake, backend, Optional.empty(), Clock.systemUTC());
    return new Ticker(
        new TickServices(
            store,
            backend,
            Optional.empty(),
            real.marks(),
            rule,
            decisionTimeout,
            real.clock(),
            real.commitsBetweenSnapshots(),
            real.ids()));
  }

  private Ticker tickerOn(TableStore store) {
    return ticker(store, Decider::decide, Duration.ofSeconds(30));
  }

  private Ticker ticker(TrainingBackend with, Outbox... outbox) {
    return new Ticker(
        TickServices.of(
            lake,
            with,
            Optional.ofNullable(outbox.length > 0 ? outbox[0] : null),
            Clock.systemUTC()));
  }

  private void approve() {
    approve(spec.campaignId());
  }

  private void approve(String id) {
    String hash = CampaignLog.read(lake).states().get(id).planHash().orElseThrow();
    Inbox.send(
        lake,
        new InboxMessage.Approve(
            new InboxMessage.Header("m-" + id, id, "ann", Instant.now(), "cli", ""),
            hash,
            OptionalLong.empty()));
  }

  private CampaignSpec renamed(String id) {
    return new CampaignSpec(
        id,
        spec.study(),
        spec.objective(),
        spec.baseline(),
        spec.searchSpace(),
        spec.training(),
        spec.budget(),
        spec.guardrails(),
        spec.sources(),
        ExampleCampaign.trials(0, 1, 0, 0, 0));
  }

  private CampaignState state() {
    return CampaignLog.read(lake).state(spec.campaignId()).orElseThrow();
  }

  private List<String> texts(Table table, String column) {
    return lake.read(table).rows().stream().map(row -> row.text(column)).toList();
  }

  private void tickUntilDone(Ticker ticker) throws InterruptedException {
    while (!state().isOver()) {
      ticker.tick();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void aTickThatChangesNothingCommitsNothing() {
    TickSummary summary = ticker(backend).tick();
    assertThat(summary.waitingForApproval()).containsExactly(spec.campaignId());
    long version = lake.version(ControlEventsTable.TABLE);
    assertThat(ticker(backend).tick().events()).isZero();
    assertThat(lake.version(ControlEventsTable.TABLE)).isEqualTo(version);
  }

  @Test
  void aCampaignRunsToItsVerdictAndItsOutcomesBecomeHistory() throws Exception {
    approve();
    tickUntilDone(ticker(backend));
    CampaignState end = state();
    assertThat(end.verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
    List<String> runs = end.attempts().keySet().stream().map(key -> key.runId()).toList();
    assertThat(texts(RunsTable.TABLE, "run_id")).containsExactlyInAnyOrderElementsOf(runs);
    assertThat(ShellTrainer.trained(dir)).hasSize(runs.size()).doesNotHaveDuplicates();
    assertThat(texts(DiagnosesTable.TABLE, "action")).contains("amend");
    assertThat(texts(TouchesTable.TABLE, "kind")).containsExactlyInAnyOrder("create", "approve");
    assertThat(lake.read(RunMetricsTable.TABLE).rows()).isNotEmpty();
    assertThat(lake.read(TickRunsTable.TABLE).rows()).isNotEmpty();
  }

  @Test
  void ticksAtTheSameTimeTrainEverythingOnce() throws Exception {
    approve();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Callable<Void>> rivals = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        rivals.add(
            () -> {
              Ticker rival =
                  new Ticker(
                      TickServices.of(
                          KernelLake.at(lake.root()),
                          backend,
                          Optional.empty(),
                          Clock.systemUTC()));
              while (!state().isOver()) {
                try {
                  rival.tick();
                } catch (TickOvertakenException e) {
                  // The next tick goes on.
                }
                TimeUnit.MILLISECONDS.sleep(50);
              }
              return null;
            });
      }
      for (Future<Void> rival : pool.invokeAll(rivals)) {
        rival.get();
      }
    } finally {
      pool.shutdown();
    }
    ticker(backend).tick();
    assertThat(ShellTrainer.trained(dir))
        .hasSize(state().attempts().size())
        .doesNotHaveDuplicates();
    assertThat(texts(RunsTable.TABLE, "run_id"))
        .hasSize(state().attempts().size())
        .doesNotHaveDuplicates();
  }

  @Test
  void aTickThatOthersAlwaysOvertakeSaysSoAndLosesNothing() throws Exception {
    approve();
    TableStore overtaken =
        (TableStore)
            Proxy.newProxyInstance(
                TableStore.class.getClassLoader(),
                new Class<?>[] {TableStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("appendIfVersion")
                        ? false
                        : method.invoke(lake, arguments));

    assertThatThrownBy(tickerOn(overtaken)::tick)
        .isInstanceOf(TickOvertakenException.class)
        .hasMessage("Other ticks committed 5 times in between; the next tick goes on");
    assertThat(state().open()).isEmpty();
    assertThat(ticker(backend).tick().launched()).isEqualTo(2);
  }

  @Test
  void aLaunchThatFailsIsTriedAgainByTheNextTick() throws Exception {
    approve();
    assertThat(ticker(new Unlaunchable(backend)).tick().launched()).isZero();
    assertThat(state().open()).hasSize(2);
    assertThat(ticker(backend).tick().launched()).isEqualTo(2);
    tickUntilDone(ticker(backend));
    assertThat(state().verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
  }

  @Test
  void aBackendThatCannotBeAskedFailsNothing() {
    approve();
    ticker(backend).tick();
    ticker(new Unanswering(backend)).tick();
    assertThat(state().hindrance()).contains("no answer");
    assertThat(state().open()).hasSize(2);
    assertThat(state().strikes()).isZero();
  }

  @Test
  void publishesWhatIsPendingOnceAndRemembersIt() {
    List<String> published = new ArrayList<>();
    Outbox outbox =
        new Outbox() {
          @Override
          public List<String> publish(CampaignState state) {
            published.add("campaign:" + state.campaignId());
            return List.of("campaign:" + state.campaignId());
          }

          @Override
          public int pending(CampaignState state) {
            return state.publishedKeys().isEmpty() ? 1 : 0;
          }
        };
    Ticker ticker = ticker(backend, outbox);
    ticker.tick();
    ticker.tick();
    assertThat(published).hasSize(1);
    assertThat(state().publishedKeys()).containsExactly("campaign:" + spec.campaignId());
  }

  @Test
  void aCampaignWhoseDecisionsFailIsQuarantinedAfterThreeStrikesAndOthersGoOn() throws Exception {
    CampaignSpec bad = renamed("a-bad-one");
    Campaigns.create(lake, bad, "ann", Instant.now());
    Campaigns.planned(lake, bad.campaignId(), ExampleCampaign.plan(bad), Instant.now());
    approve(bad.campaignId());
    approve(spec.campaignId());
    Decider.Rule rule =
        (state, forecasts, observations, inbox, now) -> {
          if (state.campaignId().equals(bad.campaignId())) {
            throw new IllegalStateException("no decision");
          }
          return Decider.decide(state, forecasts, observations, inbox, now);
        };
    tickUntilDone(ticker(lake, rule, Duration.ofSeconds(30)));
    CampaignState broken = CampaignLog.read(lake).states().get(bad.campaignId());
    assertThat(broken.status()).isEqualTo(Status.QUARANTINED);
    assertThat(broken.strikes()).isEqualTo(3);
    assertThat(state().verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
  }

  @Test
  void aCampaignWhoseForecastsAreLostIsQuarantinedSaysSoAndCanBeHalted() {
    ArmForecasts forecasts = new ArmForecasts(0, 0.01, List.of(), List.of());
    CampaignSpec searching = renamed("forecasts-lost");
    Campaigns.create(lake, searching, "ann", Instant.now());
    Campaigns.planned(
        lake, searching.campaignId(), ExampleCampaign.plan(searching, forecasts), Instant.now());
    approve(searching.campaignId());
    for (int i = 0; i < 3; i++) {
      ticker(backend).tick();
    }
    assertThat(CampaignLog.read(lake).states().get(searching.campaignId()).status())
        .isEqualTo(Status.QUARANTINED);
    assertThat(CampaignLog.readWithEvents(lake, searching.campaignId()).events())
        .last()
        .asString()
        .contains(
            "plan_forecasts does not hold the forecasts " + forecasts.hash(),
            "restore the table, or halt the campaign");

    Inbox.send(
        lake,
        new InboxMessage.Halt(
            new InboxMessage.Header(
                "m-2", searching.campaignId(), "ann", Instant.now(), "cli", "")));
    ticker(backend).tick();
    assertThat(CampaignLog.read(lake).states().get(searching.campaignId()).status())
        .isEqualTo(Status.HALTED);
  }

  @Test
  void aCampaignThatNeverDecidesIsQuarantinedAndOthersGoOn() throws Exception {
    CampaignSpec bad = renamed("a-slow-one");
    Campaigns.create(lake, bad, "ann", Instant.now());
    Campaigns.planned(lake, bad.campaignId(), ExampleCampaign.plan(bad), Instant.now());
    approve(bad.campaignId());
    approve(spec.campaignId());
    Decider.Rule rule =
        (state, forecasts, observations, inbox, now) -> {
          while (state.campaignId().equals(bad.campaignId())) {
            Thread.onSpinWait();
            if (Thread.currentThread().isInterrupted()) {
              throw new IllegalStateException("interrupted");
            }
          }
          return Decider.decide(state, forecasts, observations, inbox, now);
        };
    Ticker ticker = ticker(lake, rule, Duration.ofMillis(500));
    for (int i = 0; i < 3; i++) {
      ticker.tick();
    }
    CampaignState slow = CampaignLog.read(lake).state(bad.campaignId()).orElseThrow();
    assertThat(slow.status()).isEqualTo(Status.QUARANTINED);
    tickUntilDone(ticker(backend));
    assertThat(state().verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
  }

  @Test
  void manyTicksWriteSnapshotsAndProjectEverythingOnce() throws Exception {
    approve();
    TickServices real = TickServices.of(lake, backend, Optional.empty(), Clock.systemUTC());
    while (!state().isOver()) {
      new Ticker(
              new TickServices(
                  lake,
                  backend,
                  Optional.empty(),
                  real.marks(),
                  real.rule(),
                  real.decisionTimeout(),
                  real.clock(),
                  4,
                  real.ids()))
          .tick();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(lake.cachedNames(ControlEventsTable.TABLE))
        .filteredOn(name -> name.startsWith("snapshot"))
        .hasSize(2);
    assertThat(CampaignLog.read(lake).states()).isEqualTo(CampaignLog.readFromStart(lake).states());
    assertThat(texts(RunsTable.TABLE, "run_id"))
        .hasSize(state().attempts().size())
        .doesNotHaveDuplicates();
  }

  @Test
  void aTickReadsTheLogOnce() {
    approve();
    List<Long> readFrom = new ArrayList<>();
    TableStore counting =
        (TableStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TableStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("readBetween")
                      && arguments[0].equals(ControlEventsTable.TABLE)) {
                    readFrom.add((Long) arguments[2]);
                  }
                  try {
                    return method.invoke(lake, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    Ticker ticker = tickerOn(counting);

    assertThat(ticker.campaigns()).hasSize(1);
    assertThat(ticker.tick().launched()).isEqualTo(2);

    assertThat(readFrom.stream().filter(from -> from == 0)).hasSize(1);
    assertThat(readFrom).as("the second time only what is new").hasSize(2);
  }

  /** Ticks that crashed on these campaigns. */
  private static final class Marks implements TickMarks {
    private final Map<String, Integer> crashes = new TreeMap<>();

    @Override
    public Map<String, Integer> crashes() {
      return new TreeMap<>(crashes);
    }

    @Override
    public void enter(String campaignId) {}

    @Override
    public void leave() {}

    @Override
    public void clearCrashes(String campaignId) {
      crashes.remove(campaignId);
    }
  }

  @Test
  void aCampaignThatKillsTicksIsQuarantinedUnseenUntilAPersonResumesIt() throws Exception {
    approve();
    Marks marks = new Marks();
    List<String> seen = new ArrayList<>();
    TickServices real = TickServices.of(lake, backend, Optional.empty(), Clock.systemUTC());
    Decider.Rule rule =
        (state, forecasts, observations, inbox, now) -> {
          seen.add(state.campaignId());
          return Decider.decide(state, forecasts, observations, inbox, now);
        };
    TickServices services =
        new TickServices(
            lake,
            backend,
            Optional.empty(),
            marks,
            rule,
            real.decisionTimeout(),
            real.clock(),
            50,
            real.ids());

    marks.crashes.put(spec.campaignId(), 4);
    new Ticker(services).tick();
    assertThat(state().status()).isEqualTo(Status.RUNNING);
    assertThat(marks.crashes).isEmpty();

    marks.crashes.put(spec.campaignId(), 5);
    seen.clear();
    new Ticker(services).tick();
    new Ticker(services).tick();
    assertThat(state().status()).isEqualTo(Status.QUARANTINED);
    assertThat(seen).isEmpty();

    Inbox.send(
        lake,
        new InboxMessage.Resume(
            new InboxMessage.Header("m-2", spec.campaignId(), "ann", Instant.now(), "cli", "")));
    new Ticker(services).tick();
    assertThat(state().status()).isEqualTo(Status.RUNNING);
    assertThat(marks.crashes).isEmpty();
    tickUntilDone(new Ticker(services));
    assertThat(state().verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
  }

  /** A backend that cannot start anything. */
  private record Unlaunchable(TrainingBackend real) implements TrainingBackend {
    @Override
    public String launch(CampaignSpec spec, Command.Launch launch) {
      throw new TrainingBackendException("no machine", new IOException("none"));
    }

    @Override
    public Observation observe(CampaignSpec spec, Attempt attempt) {
      return real.observe(spec, attempt);
    }

    @Override
    public void stop(CampaignSpec spec, Command.Stop stop) {
      real.stop(spec, stop);
    }
  }

  /** A backend that does not answer. */
  private record Unanswering(TrainingBackend real) implements TrainingBackend {
    @Override
    public String launch(CampaignSpec spec, Command.Launch launch) {
      return real.launch(spec, launch);
    }

    @Override
    public Observation observe(CampaignSpec spec, Attempt attempt) {
      throw new IllegalStateException("no answer");
    }

    @Override
    public void stop(CampaignSpec spec, Command.Stop stop) {
      real.stop(spec, stop);
    }
  }
}
