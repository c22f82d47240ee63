package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Hindrances;
import dev.dormouse.campaign.Observation;
import dev.dormouse.io.TableStore;
import dev.dormouse.tick.CampaignReviews.Review;
import dev.dormouse.training.TrainingBackendException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One wake-up: open and verify the log, read the inbox, observe open runs, decide, commit, and only
 * then launch what was committed, publish, and project outcomes into the lake. It may be killed at
 * any point, run twice at once, or late: the next one goes on from the log.
 *
 * <p>A tick commits at most twice to the log: what was decided, and what then was launched and
 * published. Without anything new it commits nothing.
 */
public final class Ticker {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final int ROUNDS = 5;

  private final TickServices services;
  private final TableStore store;
  private final TickMarks marks;
  private final CampaignReviews reviews;

  /** What was last read; only what is newer need be read again. */
  private Optional<CampaignLog> known = Optional.empty();

  /** A ticker, for one tick or any number of them. */
  public Ticker(TickServices services) {
    this.services = services;
    this.store = services.store();
    this.marks = services.marks();
    this.reviews = new CampaignReviews(services);
  }

  /** Only reviews and decides: what a tick would do now. */
  public List<String> dryRun() {
    return reviews.at(open(), services.clock().instant(), id -> true).values().stream()
        .flatMap(look -> look.decision().explanation().stream())
        .toList();
  }

  /**
   * Runs one tick.
   *
   * @throws CorruptLogException if the log does not verify
   */
  public TickSummary tick() {
    // As exact as the log keeps it, so that its decisions can be made again from it.
    Instant now = services.clock().instant().truncatedTo(ChronoUnit.MICROS);
    String tickId = "tick-" + services.ids().get();
    Map<String, Integer> deaths = marks.deaths();
    for (int round = 0; round < ROUNDS; round++) {
      CampaignLog log = open();
      Map<String, Review> reviewed = reviews.at(log, now, id -> !deaths.containsKey(id));
      Map<String, List<CampaignEvent>> events = new TreeMap<>();
      reviewed.forEach((id, look) -> add(events, id, look.decision().events()));
      Optional<CampaignLog> committed =
          events.isEmpty() ? Optional.of(log) : log.append(events, now, tickId);
      if (committed.isPresent()) {
        return act(committed.get(), reviewed, deaths, now, tickId);
      }
      LOG.info("Another tick committed first; looking again");
    }
    throw new IllegalStateException(
        "Other ticks committed " + ROUNDS + " times in between; the next tick goes on");
  }

  private CampaignLog open() {
    CampaignLog log = known.isPresent() ? known.get().refreshed() : CampaignLog.read(store);
    known = Optional.of(log);
    return log;
  }

  private static void add(
      Map<String, List<CampaignEvent>> events, String campaignId, List<CampaignEvent> more) {
    if (!more.isEmpty()) {
      events.computeIfAbsent(campaignId, any -> new ArrayList<>()).addAll(more);
    }
  }

  private static boolean isQuarantined(CampaignLog log, String campaignId) {
    return log.state(campaignId).map(s -> s.status() == Status.QUARANTINED).orElse(false);
  }

  private TickSummary act(
      CampaignLog committed,
      Map<String, Review> reviewed,
      Map<String, Integer> deaths,
      Instant startedAt,
      String tickId) {
    Map<String, List<CampaignEvent>> afterwards = new TreeMap<>();
    int launched = carryOut(committed, reviewed, afterwards);
    int unpublished = publish(committed, deaths, afterwards);
    Map<String, Review> suspects = reviews.atSuspects(committed, deaths, startedAt);
    suspects.forEach((id, look) -> add(afterwards, id, look.decision().events()));
    CampaignLog last = committed;
    if (!afterwards.isEmpty()) {
      // Losing this race costs nothing: launching and publishing again change nothing, and the next
      // tick records it.
      last = committed.append(afterwards, services.clock().instant(), tickId).orElse(committed);
    }
    known = Optional.of(last);
    if (afterwards.isEmpty() || last != committed) {
      // That these were launched the next tick will see.
      launched += carryOut(last, suspects, new TreeMap<>());
      CampaignLog now = last;
      deaths.keySet().stream()
          .filter(id -> !CampaignReviews.isKiller(deaths, id) || !isQuarantined(now, id))
          .forEach(marks::forgive);
    }
    reviewed.putAll(suspects);
    boolean snapshotDue = last.isSnapshotDue(services.commitsBetweenSnapshots());
    Projections.catchUp(store, last, snapshotDue);
    if (snapshotDue) {
      last.snapshot().write(store);
    }
    TickSummary summary = summary(tickId, last, reviewed, afterwards, launched, unpublished);
    if (summary.events() > 0) {
      Projections.recordTick(
          store,
          summary,
          reviewed.size(),
          reviewed.values().stream().mapToInt(s -> s.observations().size()).sum(),
          startedAt,
          services.clock().instant());
    }
    return summary;
  }

  /** Carries out what was decided; how many runs were launched. */
  private int carryOut(
      CampaignLog committed,
      Map<String, Review> reviewed,
      Map<String, List<CampaignEvent>> afterwards) {
    int launched = 0;
    for (Map.Entry<String, Review> entry : reviewed.entrySet()) {
      Review look = entry.getValue();
      CampaignState state = committed.state(entry.getKey()).orElseThrow();
      List<String> troubles = new ArrayList<>();
      if (!look.decision().commands().isEmpty()) {
        marks.enter(entry.getKey());
        List<CampaignEvent> events = carryOut(state, look.decision().commands(), troubles);
        launched += events.size();
        add(afterwards, entry.getKey(), events);
      }
      Hindrances.change(state, look.observations(), troubles)
          .ifPresent(event -> add(afterwards, entry.getKey(), List.of(event)));
    }
    marks.leave();
    return launched;
  }

  private List<CampaignEvent> carryOut(
      CampaignState state, List<Command> commands, List<String> troubles) {
    List<CampaignEvent> events = new ArrayList<>();
    for (Command command : commands) {
      try {
        if (command instanceof Command.Launch launch) {
          String externalId = services.backend().launch(state.spec().orElseThrow(), launch);
          events.add(
              new CampaignEvent.Launched(
                  launch.key().trialId(), launch.key().attempt(), externalId));
        } else if (command instanceof Command.Stop stop) {
          services.backend().stop(state.spec().orElseThrow(), stop);
        }
      } catch (TrainingBackendException e) {
        LOG.warn("{}; the next tick tries again", e.getMessage());
        troubles.add(e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("Cannot carry out {}; the next tick tries again", command, e);
      }
    }
    return events;
  }

  /** Publishes what can be published; how many items still wait. */
  private int publish(
      CampaignLog committed,
      Map<String, Integer> deaths,
      Map<String, List<CampaignEvent>> afterwards) {
    int unpublished = 0;
    for (CampaignState state : committed.states().values()) {
      int pending = deaths.containsKey(state.campaignId()) ? 0 : pending(state);
      if (pending > 0) {
        marks.enter(state.campaignId());
        List<String> published = publish(state);
        if (!published.isEmpty()) {
          add(afterwards, state.campaignId(), List.of(new CampaignEvent.OutboxAcked(published)));
        }
        unpublished += Math.max(0, pending - published.size());
      }
    }
    marks.leave();
    return unpublished;
  }

  private int pending(CampaignState state) {
    try {
      return services.outbox().map(outbox -> outbox.pending(state)).orElse(0);
    } catch (RuntimeException e) {
      LOG.error("Cannot tell what campaign {} has to show", state.campaignId(), e);
      return 0;
    }
  }

  private List<String> publish(CampaignState state) {
    try {
      return services.outbox().orElseThrow().publish(state);
    } catch (RuntimeException e) {
      LOG.warn("Cannot publish campaign {}; the next tick tries again", state.campaignId(), e);
      return List.of();
    }
  }

  private TickSummary summary(
      String tickId,
      CampaignLog log,
      Map<String, Review> reviewed,
      Map<String, List<CampaignEvent>> afterwards,
      int launched,
      int unpublished) {
    List<CampaignState> states = List.copyOf(log.states().values());
    List<CampaignEvent> decided =
        reviewed.values().stream().flatMap(look -> look.decision().events().stream()).toList();
    List<Observation> observations =
        reviewed.values().stream().flatMap(look -> look.observations().stream()).toList();
    return new TickSummary(
        tickId,
        decided.size() + afterwards.values().stream().mapToInt(List::size).sum(),
        launched,
        (int) decided.stream().filter(CampaignEvent.Settled.class::isInstance).count(),
        (int) decided.stream().filter(CampaignEvent.Diagnosed.class::isInstance).count(),
        states.stream().mapToInt(state -> state.open().size()).sum(),
        (int) observations.stream().filter(Observation.Unknown.class::isInstance).count(),
        states.stream()
            .filter(state -> state.status() == Status.RUNNING || !state.open().isEmpty())
            .map(CampaignState::campaignId)
            .toList(),
        states.stream()
            .filter(state -> state.status() == Status.WAITING_FOR_APPROVAL)
            .map(CampaignState::campaignId)
            .toList(),
        unpublished,
        reviewed.values().stream()
            .flatMap(look -> look.decision().explanation().stream())
            .toList());
  }
}
