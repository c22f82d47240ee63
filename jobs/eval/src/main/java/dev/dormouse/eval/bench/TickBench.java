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
 * How long ticks take, as processes of their own: on a small lake, on one where a thousand
 * campaigns wait for a hundred trainings each, and on one where thousands of them have just ended;
 * and how long it takes to read a long log without a snapshot.
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
    WaitingCampaigns waiting = waiting(lake);
    waiting.write(campaigns, openTrials, COMMITS);
    for (TrialKey key : waiting.open()) {
      waiting.begin(key);
    }
    progress.accept("Ticking ...");
    // The first one writes what later ones rest on.
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
