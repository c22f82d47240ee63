package dev.dormouse.eval.bench;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.io.KernelLake;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.tick.CampaignLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures ticks as separate processes: on a small lake, on one where a thousand campaigns wait for
 * a hundred trainings each, and on one where thousands of trainings have just ended. Also measures
 * reading a long log without a snapshot.
 */
public final class TickBench {
  private static final int OPEN_TRIALS = 100;
  private static final int COMMITS = 60;
  private static final int ENDED_TRIALS = 5_000;

  private final Path directory;
  private final Instant now;
  private final Consumer<String> progress;
  private final DormouseProcess dormouse;

  /**
   * Prepares a benchmark.
   *
   * @param home directory that holds {@code ./dormouse}
   * @param directory an empty directory for lakes and run directories
   * @param now the current time; launches are after it
   * @param progress receives one line per step
   */
  public TickBench(Path home, Path directory, Instant now, Consumer<String> progress) {
    this.directory = directory;
    this.now = now;
    this.progress = progress;
    this.dormouse = new DormouseProcess(home);
  }

  /**
   * The result.
   *
   * @param smallQuiet a tick without changes on a lake of one campaign
   * @param quiet a tick that observes every open training and finds no change
   * @param busy a tick that finds thousands of ended trainings
   * @param open reading and verifying a whole log
   */
  public record Result(Tick smallQuiet, Tick quiet, Tick busy, Open open) {}

  /**
   * One tick.
   *
   * @param campaigns number of campaigns in the lake
   * @param openTrials number of trainings that it observed
   * @param seconds time from process start to process end
   * @param peakMemoryMb peak of resident memory, in MB (1e6 bytes)
   * @param events number of control events that it wrote
   * @param commits number of commits that it made to the log
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
   * @param events number of events
   * @param commits number of commits
   * @param seconds time without a snapshot
   */
  public record Open(long events, long commits, double seconds) {}

  /**
   * Runs the benchmark.
   *
   * @param campaigns number of campaigns in the large lakes
   * @param logEvents number of events in the log that is only read
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
    WaitingCampaigns waiting = waiting(lake);
    waiting.write(campaigns, openTrials, COMMITS);
    for (TrialKey key : waiting.open()) {
      waiting.begin(key);
    }
    progress.accept("Ticking ...");
    // The first tick also writes what later ticks read; it is not measured.
    tick(lake, campaigns, campaigns * openTrials);
    return tick(lake, campaigns, campaigns * openTrials);
  }

  private Tick busyTick(String name, int campaigns) throws IOException, InterruptedException {
    KernelLake lake = KernelLake.at(directory.resolve(name));
    WaitingCampaigns waiting = waiting(lake);
    List<TrialKey> open = waiting.open();
    progress.accept("Ending " + ENDED_TRIALS + " of the trainings ...");
    int every = Math.max(1, open.size() / ENDED_TRIALS);
    for (int i = 0; i < open.size(); i += every) {
      waiting.end(open.get(i));
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
    waiting(lake).write(campaigns, OPEN_TRIALS, (int) Math.max(COMMITS, events / 500));
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

  private WaitingCampaigns waiting(KernelLake lake) {
    return new WaitingCampaigns(lake, directory.resolve("work"), now);
  }
}
