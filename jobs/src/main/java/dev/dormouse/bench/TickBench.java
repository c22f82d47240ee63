package dev.dormouse.bench;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.tick.CampaignLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How long ticks take, as processes of their own: on a small lake, on one where a thousand
 * campaigns wait for a hundred trainings each, and on one where thousands of them have just ended;
 * and how long it takes to read a long log without a snapshot.
 */
public final class TickBench {
  private static final int OPEN_TRIALS = 100;
  private static final int COMMITS = 60;
  private static final int ENDED_TRIALS = 5_000;
  private static final Duration TIMEOUT = Duration.ofHours(24);

  private final Path directory;
  private final Instant now;
  private final Consumer<String> progress;
  private final DormouseProcess dormouse;

  /**
   * A benchmark.
   *
   * @param home where {@code ./dormouse} lies
   * @param directory an empty directory for lakes and run directories
   * @param now the time; launches have to lie after it
   * @param progress hears what is being done
   */
  public TickBench(Path home, Path directory, Instant now, Consumer<String> progress) {
    this.directory = directory;
    this.now = now;
    this.progress = progress;
    this.dormouse = new DormouseProcess(home);
  }

  /**
   * What was measured.
   *
   * @param smallQuiet a tick with nothing to do on a lake of one campaign
   * @param quiet a tick with nothing to do but to look at every open training
   * @param busy a tick in which thousands of trainings have ended
   * @param open reading and verifying a whole log
   */
  public record Result(Tick smallQuiet, Tick quiet, Tick busy, Open open) {}

  /**
   * One tick.
   *
   * @param campaigns campaigns in the lake
   * @param openTrials trainings that it looked at
   * @param seconds from process start to process end
   * @param peakMemoryMb resident memory at its peak, in MB (1e6 bytes)
   * @param events control events that it wrote
   * @param commits commits to the log that it made
   */
  public record Tick(
      int campaigns,
      int openTrials,
      double seconds,
      double peakMemoryMb,
      long events,
      long commits) {}

  /**
   * Reading a log.
   *
   * @param events how many events it has
   * @param commits in how many commits
   * @param seconds without a snapshot
   */
  public record Open(long events, long commits, double seconds) {}

  /**
   * Measures.
   *
   * @param campaigns in the large lakes
   * @param logEvents in the log that is only read
   */
  public Result run(int campaigns, long logEvents) throws IOException, InterruptedException {
    Tick small = quietTick("small", 1, 1);
    Tick quiet = quietTick("large", campaigns, OPEN_TRIALS);
    Tick busy = busyTick("large", campaigns);
    return new Result(small, quiet, busy, open(logEvents));
  }

  private Tick quietTick(String name, int campaigns, int openTrials)
      throws IOException, InterruptedException {
    progress.accept(
        "Making " + campaigns + " campaigns with " + openTrials + " trainings each ...");
    KernelLake lake = lake(name);
    write(lake, campaigns, openTrials, COMMITS);
    for (CampaignState state : CampaignLog.read(lake).states().values()) {
      for (Attempt attempt : state.open()) {
        beginTraining(attempt.key());
      }
    }
    progress.accept("Ticking ...");
    // The first one writes what later ones rest on.
    tick(lake, campaigns, campaigns * openTrials);
    return tick(lake, campaigns, campaigns * openTrials);
  }

  private Tick busyTick(String name, int campaigns) throws IOException, InterruptedException {
    KernelLake lake = KernelLake.at(directory.resolve(name));
    List<TrialKey> open =
        CampaignLog.read(lake).states().values().stream()
            .flatMap(state -> state.open().stream())
            .map(Attempt::key)
            .toList();
    progress.accept("Ending " + ENDED_TRIALS + " of the trainings ...");
    int every = Math.max(1, open.size() / ENDED_TRIALS);
    for (int i = 0; i < open.size(); i += every) {
      endTraining(open.get(i));
    }
    progress.accept("Ticking ...");
    return tick(lake, campaigns, open.size());
  }

  private Tick tick(KernelLake lake, int campaigns, int openTrials)
      throws IOException, InterruptedException {
    long version = lake.version(ControlEventsTable.TABLE);
    long events = events(lake);
    DormouseProcess.Run run =
        dormouse.run(List.of("tick", "--json", "--lake", lake.root().toString()));
    return new Tick(
        campaigns,
        openTrials,
        run.seconds(),
        run.peakMemoryMb(),
        events(lake) - events,
        lake.version(ControlEventsTable.TABLE) - version);
  }

  private static long events(KernelLake lake) {
    return CampaignLog.read(lake).states().values().stream()
        .mapToLong(CampaignState::lastSeq)
        .sum();
  }

  private Open open(long events) {
    int campaigns = (int) Math.max(1, events / (2L * OPEN_TRIALS + 4));
    progress.accept("Writing a log of " + events + " events ...");
    KernelLake lake = lake("long");
    write(lake, campaigns, OPEN_TRIALS, (int) Math.max(COMMITS, events / 500));
    progress.accept("Reading it ...");
    long start = System.nanoTime();
    CampaignLog log = CampaignLog.readFromStart(lake);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Open(
        log.states().values().stream().mapToLong(CampaignState::lastSeq).sum(),
        log.version(),
        seconds);
  }

  private KernelLake lake(String name) {
    KernelLake lake = KernelLake.at(directory.resolve(name));
    lake.createKernelTables();
    return lake;
  }

  /** Writes campaigns whose trials all run, in so many commits. */
  private void write(KernelLake lake, int campaigns, int openTrials, int commits) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < campaigns; i++) {
      ids.add(String.format("campaign-%05d", i));
    }
    CampaignLog log = CampaignLog.read(lake);
    Map<String, List<CampaignEvent>> batch = new TreeMap<>();
    // Every campaign begins with one commit; its trials follow, a few at a time.
    int parts = Math.max(1, commits / Math.max(1, Math.min(campaigns, commits)));
    int campaignsACommit = Math.max(1, campaigns * parts / commits);
    for (int first = 0; first < campaigns; first += campaignsACommit) {
      List<String> some = ids.subList(first, Math.min(campaigns, first + campaignsACommit));
      for (int part = 0; part < parts; part++) {
        int from = openTrials * part / parts;
        int to = openTrials * (part + 1) / parts;
        for (String id : some) {
          List<CampaignEvent> events = new ArrayList<>();
          if (part == 0) {
            events.addAll(beginning(id, openTrials));
          }
          for (int trial = from; trial < to; trial++) {
            events.addAll(launched(trial));
          }
          if (!events.isEmpty()) {
            batch.put(id, events);
          }
        }
        if (!batch.isEmpty()) {
          log = log.append(batch, now, "bench").orElseThrow();
          batch.clear();
        }
      }
    }
  }

  private List<CampaignEvent> beginning(String id, int openTrials) {
    CampaignSpec spec = spec(id, openTrials);
    Plan plan =
        new Plan(
            id,
            List.of(),
            List.of(),
            new CostEstimate(1, 2, 3, "none"),
            Long.MAX_VALUE / 4,
            List.of(),
            List.of());
    return List.of(
        new CampaignEvent.Created(spec, "bench", Decider.RULES),
        new CampaignEvent.Planned(plan.hash(), plan),
        new CampaignEvent.Approved(plan.hash(), plan.capMicros(), "bench", "cli"),
        new CampaignEvent.PhaseStarted(Phase.VALIDATION, "bench"));
  }

  private static CampaignSpec spec(String id, int openTrials) {
    return new CampaignSpec(
        id,
        new StudyKey("clicks", "v1", "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
        arm(),
        SearchSpace.of(
            List.of(
                Parameter.ofRange("learning_rate", Parameter.Type.FLOAT, 1e-4, 0.1, true),
                Parameter.ofChoices(
                    "embedding_dim", Parameter.Type.INT, List.of("8", "16", "32", "64")))),
        new CampaignSpec.Training("local", "true", TIMEOUT, 1),
        new CampaignSpec.Budget(0, 0, openTrials),
        new CampaignSpec.Guardrails(".", List.of(), List.of()),
        new CampaignSpec.Sources(true, true, "false"),
        Map.of(Phase.VALIDATION, openTrials));
  }

  private static Arm arm() {
    return Arm.of(
        Map.of(
            "model", "dnn", "learning_rate", "0.001", "embedding_dim", "16", "batch_size", "64"));
  }

  private List<CampaignEvent> launched(int number) {
    TrialSpec trial =
        new TrialSpec(
            TrialSpec.id(Phase.VALIDATION, arm(), number + 1L),
            Phase.VALIDATION,
            arm(),
            number + 1L,
            1,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return List.of(
        new CampaignEvent.Intent(
            trial, 1, spec("c", 1).training().worstCaseMicros(), now.plus(TIMEOUT)),
        new CampaignEvent.Launched(trial.trialId(), 1, "run " + number));
  }

  /** What a training leaves behind that has begun: this process stands for its. */
  private void beginTraining(TrialKey key) throws IOException {
    Path run = runDirectory(key);
    Files.createDirectories(run.resolve("claim"));
    Files.writeString(run.resolve("pid"), Long.toString(ProcessHandle.current().pid()));
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"step\":1,\"metric\":\"auc\",\"value\":0.7}\n");
  }

  private void endTraining(TrialKey key) throws IOException {
    Path run = runDirectory(key);
    Files.writeString(run.resolve("result.json"), "{\"status\":\"ok\",\"metrics\":{\"auc\":0.78}}");
    Files.writeString(run.resolve("exit"), "0\n");
  }

  private Path runDirectory(TrialKey key) {
    return directory
        .resolve("work")
        .resolve(key.campaignId())
        .resolve(key.trialId())
        .resolve(Integer.toString(key.attempt()));
  }
}
