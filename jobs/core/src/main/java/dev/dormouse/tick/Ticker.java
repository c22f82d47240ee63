package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Hindrances;
import dev.dormouse.io.TableStore;
import dev.dormouse.tick.CampaignReviews.Review;
import dev.dormouse.training.TrainingBackendException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs ticks. A tick opens and verifies the log, reads the inbox, observes open runs, decides,
 * commits, and only then launches what was committed, publishes, and projects outcomes into the
 * lake. It may be killed at any point, run twice at once, or late: the next one continues from the
 * log.
 *
 * <p>A tick commits at most twice to the log: the decisions, then the launches and publications.
 * Without anything new it commits nothing. The log is read once; after that only new commits are.
 */
public final class Ticker {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final int ROUNDS = 5;

  private final TickServices services;
  private final TableStore store;
  private final TickMarks marks;
  private final CampaignReviews reviews;

  /** The log as last read; only newer commits need to be read again. */
  private Optional<CampaignLog> known = Optional.empty();

  /** A ticker, for one tick or any number of them. */
  public Ticker(TickServices services) {
    this.services = services;
    this.store = services.store();
    this.marks = services.marks();
    this.reviews = new CampaignReviews(services);
  }

  /**
   * Returns the state of every campaign. A tick that follows reads only what was committed since.
   *
   * @throws CorruptLogException if the log does not verify
   */
  public Collection<CampaignState> campaigns() {
    return open().states().values();
  }

  /** Reviews and decides without committing; returns what a tick would do now. */
  public List<String> dryRun() {
    return reviews.at(open(), services.clock().instant(), id -> true).values().stream()
        .flatMap(review -> review.decision().explanation().stream())
        .toList();
  }

  /**
   * Runs one tick.
   *
   * @throws CorruptLogException if the log does not verify
   * @throws TickOvertakenException if ticks that run at the same time always committed first
   */
  public TickSummary tick() {
    // The log keeps microseconds, and its decisions must be repeatable.
    Instant now = services.clock().instant().truncatedTo(ChronoUnit.MICROS);
    String tickId = "tick-" + services.ids().get();
    Map<String, Integer> crashes = marks.crashes();
    for (int round = 0; round < ROUNDS; round++) {
      CampaignLog log = open();
      Map<String, Review> reviewed = reviews.at(log, now, id -> !crashes.containsKey(id));
      Map<String, List<CampaignEvent>> events = new TreeMap<>();
      reviewed.forEach((id, review) -> add(events, id, review.decision().events()));
      Optional<CampaignLog> committed =
          events.isEmpty() ? Optional.of(log) : log.append(events, now, tickId);
      if (committed.isPresent()) {
        return act(committed.get(), reviewed, crashes, now, tickId);
      }
      LOG.info("Another tick committed first; deciding again");
    }
    throw new TickOvertakenException(ROUNDS);
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
      Map<String, Integer> crashes,
      Instant startedAt,
      String tickId) {
    Map<String, List<CampaignEvent>> afterwards = new TreeMap<>();
    int launched = carryOut(committed, reviewed, afterwards);
    int unpublished = publish(committed, crashes, afterwards);
    Map<String, Review> suspects = reviews.atSuspects(committed, crashes, startedAt);
    suspects.forEach((id, review) -> add(afterwards, id, review.decision().events()));
    CampaignLog last = committed;
    if (!afterwards.isEmpty()) {
      // Losing this race costs nothing: launching and publishing again change nothing, and the next
      // tick records it.
      last = committed.append(afterwards, services.clock().instant(), tickId).orElse(committed);
    }
    known = Optional.of(last);
    if (afterwards.isEmpty() || last != committed) {
      // The next tick will see that these were launched.
      launched += carryOut(last, suspects, new TreeMap<>());
      CampaignLog now = last;
      crashes.keySet().stream()
          .filter(id -> !CampaignReviews.isCrashing(crashes, id) || !isQuarantined(now, id))
          .forEach(marks::clearCrashes);
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

  /** Carries out decisions; returns the number of launched runs. */
  private int carryOut(
      CampaignLog committed,
      Map<String, Review> reviewed,
      Map<String, List<CampaignEvent>> afterwards) {
    int launched = 0;
    for (Map.Entry<String, Review> entry : reviewed.entrySet()) {
      Review review = entry.getValue();
      CampaignState state = committed.state(entry.getKey()).orElseThrow();
      List<String> troubles = new ArrayList<>();
      if (!review.decision().commands().isEmpty()) {
        marks.enter(entry.getKey());
        List<CampaignEvent> events = carryOut(state, review.decision().commands(), troubles);
        launched += events.size();
        add(afterwards, entry.getKey(), events);
      }
      Hindrances.change(state, review.observations(), troubles)
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
        command
            .<Optional<CampaignEvent>>map(
                launch -> Optional.of(launch(state, launch)), stop -> stop(state, stop))
            .ifPresent(events::add);
      } catch (TrainingBackendException e) {
        LOG.warn("{}; the next tick tries again", e.getMessage());
        troubles.add(e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("Cannot carry out {}; the next tick tries again", command, e);
      }
    }
    return events;
  }

  private CampaignEvent launch(CampaignState state, Command.Launch launch) {
    String externalId = services.backend().launch(state.spec().orElseThrow(), launch);
    return new CampaignEvent.Launched(launch.key().trialId(), launch.key().attempt(), externalId);
  }

  private Optional<CampaignEvent> stop(CampaignState state, Command.Stop stop) {
    services.backend().stop(state.spec().orElseThrow(), stop);
    return Optional.empty();
  }

  /** Publishes what can be published; returns the number of items that still wait. */
  private int publish(
      CampaignLog committed,
      Map<String, Integer> crashes,
      Map<String, List<CampaignEvent>> afterwards) {
    int unpublished = 0;
    for (CampaignState state : committed.states().values()) {
      int pending = crashes.containsKey(state.campaignId()) ? 0 : pending(state);
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
      LOG.error("Cannot determine what campaign {} has to publish", state.campaignId(), e);
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
        reviewed.values().stream().flatMap(review -> review.decision().events().stream()).toList();
    return new TickSummary(
        tickId,
        decided.size() + afterwards.values().stream().mapToInt(List::size).sum(),
        launched,
        (int) decided.stream().filter(CampaignEvent.Settled.class::isInstance).count(),
        (int) decided.stream().filter(CampaignEvent.Diagnosed.class::isInstance).count(),
        states.stream().mapToInt(state -> state.open().size()).sum(),
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
            .flatMap(review -> review.decision().explanation().stream())
            .toList());
  }
}
