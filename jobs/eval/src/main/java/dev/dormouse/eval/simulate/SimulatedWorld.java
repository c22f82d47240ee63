package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Decider;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Digests;
import dev.dormouse.model.Plan;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.PlanForecastsTable;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One lake with some campaigns, from their creation to their end: first with faults, then without
 * any, when every campaign has to end.
 */
final class SimulatedWorld {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Ticks with faults. */
  private static final int FAULTY_TICKS = 22;

  /** Ticks without faults within which every healthy campaign has to end. */
  private static final int CLEAN_TICKS = 100;

  private static final int COMMITS_BETWEEN_SNAPSHOTS = 9;

  private static final double CRASHES = 0.45;
  private static final int LATEST_CRASH = 120;
  private static final double TWO_TICKS = 0.25;
  private static final double SKEW = 0.25;
  private static final double FULL_DISK = 0.04;
  private static final double OUTAGE = 0.03;
  private static final double DELETED = 0.02;
  private static final double POISONED = 0.15;
  private static final double RESTARTED = 0.25;

  /** Share of campaigns whose plans rest on no forecasts, as those of older versions. */
  private static final double WITHOUT_FORECASTS = 0.2;

  private final long seed;
  private final Protocol protocol;
  private final Chaos chaos;
  private final Checker checker = new Checker();
  private final SimulatedDisk disk = new SimulatedDisk(checker::committed);
  private final SimulatedCluster cluster;
  private final SimulatedUsers users;
  private final Set<String> tracking = new LinkedHashSet<>();
  private final List<String> crashedCampaigns = new ArrayList<>();
  private final Map<String, Poison> poisoned = new HashMap<>();
  private final List<String> campaignIds = new ArrayList<>();
  private final TableStore faultlessStore;
  private Instant outageUntil = Instant.MIN;
  private Optional<Running> running = Optional.empty();
  private Optional<CampaignLog> observer = Optional.empty();
  private int ticks;

  /** How the decision for a poisoned campaign fails. */
  private enum Poison {
    THROWS,
    KILLS
  }

  /** A process with its ticker. */
  private record Running(SimulatedProcess process, SimulatedMarks marks, Ticker ticker) {}

  SimulatedWorld(long seed, int campaigns, Protocol protocol) {
    this.seed = seed;
    this.protocol = protocol;
    this.chaos = new Chaos(seed);
    this.cluster = new SimulatedCluster(chaos, checker, START);
    this.users = new SimulatedUsers(chaos);
    checker.observeCluster(cluster);
    faultlessStore = new SimulatedStore(disk, new SimulatedProcess(chaos, -1), faultless(), false);
    Random random = chaos.random();
    Map<String, List<CampaignEvent>> beginnings = new TreeMap<>();
    for (int i = 0; i < campaigns; i++) {
      CampaignSpec spec = SimulatedCampaigns.spec("c" + seed + "-" + i, random);
      Optional<ArmForecasts> forecasts =
          random.nextDouble() < WITHOUT_FORECASTS
              ? Optional.empty()
              : Optional.of(SimulatedCampaigns.forecasts(random));
      forecasts.ifPresent(
          made ->
              faultlessStore.append(
                  PlanForecastsTable.TABLE, PlanForecastsTable.encode(spec.campaignId(), made)));
      Plan plan = SimulatedCampaigns.plan(spec, forecasts, random);
      campaignIds.add(spec.campaignId());
      beginnings.put(
          spec.campaignId(),
          List.of(
              new CampaignEvent.Created(spec, "ann", Decider.RULES),
              CampaignEvent.Planned.of(plan)));
      if (chaos.occurs(Chaos.Fault.POISON, POISONED / campaigns)) {
        poisoned.put(spec.campaignId(), random.nextBoolean() ? Poison.THROWS : Poison.KILLS);
      }
    }
    observer = CampaignLog.readFromStart(faultlessStore).append(beginnings, START, "command");
  }

  /** Returns the disk with all that was written. */
  SimulatedDisk disk() {
    return disk;
  }

  private static Chaos faultless() {
    Chaos faultless = new Chaos(0);
    faultless.end();
    return faultless;
  }

  /** Runs the world to its end. */
  WorldResult run() {
    for (int tick = 0; tick < FAULTY_TICKS; tick++) {
      letTimePass(Duration.ofMinutes(20 + chaos.random().nextInt(60)));
      if (chaos.occurs(Chaos.Fault.OUTAGE, OUTAGE)) {
        outageUntil = cluster.now().plus(Duration.ofHours(24));
      }
      runTicks();
    }
    chaos.end();
    outageUntil = Instant.MIN;
    running = Optional.empty();
    boolean over = false;
    int clean = 0;
    while (!over && clean < CLEAN_TICKS) {
      letTimePass(Duration.ofMinutes(30));
      states().values().forEach(state -> users.helpToEnd(faultlessStore, state, cluster.now()));
      // The tick wrote nothing and cleared no crash marks.
      long version = disk.table(ControlEventsTable.TABLE).version();
      List<String> dead = List.copyOf(crashedCampaigns);
      over =
          tickOnce()
              && version == disk.table(ControlEventsTable.TABLE).version()
              && dead.equals(crashedCampaigns)
              && isOver();
      clean++;
    }
    Set<String> healthy = new TreeSet<>(campaignIds);
    healthy.removeAll(poisoned.keySet());
    new EndCheck(checker, disk, tracking, faultlessStore).check(states(), healthy, over);
    return new WorldResult(
        seed,
        campaignIds.size(),
        ticks,
        clean,
        checker.events(),
        chaos.counts(),
        checker.violations(),
        digest());
  }

  private void letTimePass(Duration time) {
    cluster.until(cluster.now().plus(time));
    Map<String, CampaignState> states = states();
    states.values().forEach(state -> users.act(faultlessStore, state, cluster.now()));
    for (CampaignState state : states.values()) {
      // A run deleted before its launch was confirmed cannot be told from one never launched.
      List<Attempt> confirmed =
          state.open().stream().filter(attempt -> attempt.externalId().isPresent()).toList();
      if (!confirmed.isEmpty() && chaos.occurs(Chaos.Fault.DELETED_RUN, DELETED)) {
        cluster.delete(confirmed.get(chaos.random().nextInt(confirmed.size())).key());
      }
    }
  }

  /** Returns the current states, read without faults. */
  private Map<String, CampaignState> states() {
    try {
      observer = observer.map(CampaignLog::refreshed);
      return observer.orElseThrow().states();
    } catch (RuntimeException e) {
      checker.violation("the log cannot be read: " + e.getMessage());
      return Map.of();
    }
  }

  private boolean isOver() {
    return states().values().stream()
        .allMatch(
            state ->
                poisoned.containsKey(state.campaignId())
                    || (state.isOver() && state.open().isEmpty()));
  }

  /** Runs one tick, or two at the same time. */
  private void runTicks() {
    if (chaos.occurs(Chaos.Fault.TWO_TICKS, TWO_TICKS)) {
      Running first = start();
      Running second = start();
      SimulatedProcess.interleave(
          first.process(), first.ticker()::tick, second.process(), second.ticker()::tick);
      ticks += 2;
      ended(first);
      ended(second);
      running = Optional.empty();
    } else {
      tickOnce();
    }
  }

  private SimulatedProcess process() {
    boolean crashes = chaos.isOn() && chaos.random().nextDouble() < CRASHES;
    return new SimulatedProcess(chaos, crashes ? chaos.random().nextInt(LATEST_CRASH) : -1);
  }

  /** Runs one tick alone; returns whether it ended normally. */
  private boolean tickOnce() {
    // Some ticks run in a new process, others in one that has ticked before.
    if (running.isEmpty() || chaos.random().nextDouble() < RESTARTED) {
      running = Optional.of(start());
    }
    Running tick = running.get();
    tick.process().run(tick.ticker()::tick);
    ticks++;
    ended(tick);
    return tick.process().failure() == null;
  }

  private Running start() {
    SimulatedProcess process = process();
    SimulatedMarks marks = new SimulatedMarks(crashedCampaigns);
    return new Running(process, marks, ticker(process, marks));
  }

  private void ended(Running tick) {
    Throwable failure = tick.process().failure();
    if (failure instanceof SimulatedCrash) {
      tick.marks().recordCrash();
      running = Optional.empty();
    } else if (failure != null && !chaos.isOn()) {
      checker.violation("a tick fails though nothing is wrong: " + failure);
    }
  }

  private Ticker ticker(SimulatedProcess process, SimulatedMarks marks) {
    boolean outage = cluster.now().isBefore(outageUntil);
    boolean full = chaos.occurs(Chaos.Fault.FULL_DISK, FULL_DISK);
    Duration skew =
        chaos.occurs(Chaos.Fault.CLOCK_SKEW, SKEW)
            ? Duration.ofMinutes(chaos.random().nextInt(2 * 24 * 60) - 24 * 60)
            : Duration.ZERO;
    Clock clock = new ClusterClock(cluster, skew);
    Random random = chaos.random();
    var backend =
        protocol.backend(new SimulatedBackend(cluster, process, chaos, outage), clock, random);
    return new Ticker(
        new TickServices(
            protocol.store(new SimulatedStore(disk, process, chaos, full), random),
            backend,
            Optional.of(protocol.outbox(new SimulatedTracking(tracking, process, chaos, outage))),
            protocol.marks(marks),
            protocol.rule(poisoned(), backend),
            Duration.ZERO,
            clock,
            COMMITS_BETWEEN_SNAPSHOTS,
            () -> seed + "-" + random.nextLong()));
  }

  private Decider.Rule poisoned() {
    return (state, forecasts, observations, inbox, now) -> {
      Poison poison = poisoned.get(state.campaignId());
      if (poison == Poison.KILLS) {
        chaos.count(Chaos.Fault.POISON);
        throw new SimulatedCrash("deciding for " + state.campaignId());
      }
      if (poison == Poison.THROWS) {
        chaos.count(Chaos.Fault.POISON);
        throw new IllegalStateException("poison");
      }
      return Decider.decide(state, forecasts, observations, inbox, now);
    };
  }

  /** The cluster's clock, off by a skew. */
  private static final class ClusterClock extends Clock {
    private final SimulatedCluster cluster;
    private final Duration skew;

    ClusterClock(SimulatedCluster cluster, Duration skew) {
      this.cluster = cluster;
      this.skew = skew;
    }

    @Override
    public Instant instant() {
      return cluster.now().plus(skew);
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  /** Returns a hash over all control events; the same seed gives the same. */
  private String digest() {
    StringBuilder hashes = new StringBuilder();
    disk.table(ControlEventsTable.TABLE)
        .rows()
        .forEach(row -> hashes.append(row.text("hash")).append('\n'));
    return Digests.sha256(hashes.toString());
  }
}
