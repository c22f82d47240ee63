package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Decision;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Observation;
import dev.dormouse.io.TableStore;
import dev.dormouse.training.TrainingBackendException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
  private static final int STRIKES = 3;
  private static final int DEATHS = 5;
  private static final int ROUNDS = 5;

  private final TickServices services;
  private final TableStore store;
  private final TickMarks marks;
  private final Fence fence;

  /** What was last read; only what is newer need be read again. */
  private Optional<CampaignLog> known = Optional.empty();

  /** A ticker, for one tick or any number of them. */
  public Ticker(TickServices services) {
    this.services = services;
    this.store = services.store();
    this.marks = services.marks();
    this.fence = new Fence(services.patience());
  }

  /** What one campaign's look and decision gave. */
  private record Step(List<Observation> observations, Decision decision) {}

  /** Only looks and decides: what a tick would do now. */
  public List<String> dryRun() {
    return steps(open(), services.clock().instant(), id -> true).values().stream()
        .flatMap(step -> step.decision().explanation().stream())
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
      Map<String, Step> steps = steps(log, now, id -> !deaths.containsKey(id));
      Map<String, List<CampaignEvent>> events = new TreeMap<>();
      steps.forEach((id, step) -> add(events, id, step.decision().events()));
      Optional<CampaignLog> committed =
          events.isEmpty() ? Optional.of(log) : log.append(events, now, tickId);
      if (committed.isPresent()) {
        return act(committed.get(), steps, deaths, now, tickId);
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

  /** Looks at campaigns of these names that may have something to do, and decides. */
  private Map<String, Step> steps(CampaignLog log, Instant now, Predicate<String> names) {
    Map<String, List<InboxMessage>> inbox = inbox();
    Map<String, Step> steps = new TreeMap<>();
    for (CampaignState state : log.states().values()) {
      String id = state.campaignId();
      List<InboxMessage> unanswered = unanswered(inbox, state);
      if (names.test(id) && (!isQuiet(state) || !unanswered.isEmpty())) {
        marks.enter(id);
        List<Observation> observations =
            state.open().stream().map(attempt -> observe(state, attempt)).toList();
        steps.put(id, new Step(observations, decide(state, observations, unanswered, now)));
      }
    }
    marks.leave();
    return steps;
  }

  private Map<String, List<InboxMessage>> inbox() {
    return Inbox.read(store).stream().collect(Collectors.groupingBy(InboxMessage::campaignId));
  }

  private static List<InboxMessage> unanswered(
      Map<String, List<InboxMessage>> inbox, CampaignState state) {
    return inbox.getOrDefault(state.campaignId(), List.of()).stream()
        .filter(message -> !state.answeredMessages().contains(message.messageId()))
        .toList();
  }

  /**
   * Campaigns that ticks have died over come last, so that another death costs the others nothing.
   */
  private Map<String, Step> suspects(CampaignLog log, Map<String, Integer> deaths, Instant now) {
    if (deaths.isEmpty()) {
      return new TreeMap<>();
    }
    Map<String, Step> steps =
        steps(log, now, id -> deaths.containsKey(id) && !isKiller(deaths, id));
    Map<String, List<InboxMessage>> inbox = inbox();
    log.states().values().stream()
        .filter(state -> isKiller(deaths, state.campaignId()))
        .forEach(
            state ->
                killer(state, deaths.get(state.campaignId()), unanswered(inbox, state), now)
                    .ifPresent(step -> steps.put(state.campaignId(), step)));
    marks.leave();
    return steps;
  }

  /**
   * A campaign that killed too many ticks is not looked at any more, and hears only what people
   * say: they may have it resumed. If that kills as well, it hears nothing.
   */
  private Optional<Step> killer(
      CampaignState state, int deaths, List<InboxMessage> unanswered, Instant now) {
    String id = state.campaignId();
    if (state.status() != Status.QUARANTINED) {
      String reason = deaths + " ticks in a row died while they worked on it";
      return Optional.of(
          new Step(
              List.of(),
              new Decision(
                  List.of(new CampaignEvent.Quarantined(reason)),
                  List.of(),
                  List.of("campaign " + id + " is quarantined: " + reason))));
    }
    if (unanswered.isEmpty() || deaths >= 2 * DEATHS) {
      return Optional.empty();
    }
    marks.enter(id);
    return Optional.of(new Step(List.of(), decide(state, List.of(), unanswered, now)));
  }

  private static boolean isKiller(Map<String, Integer> deaths, String campaignId) {
    return deaths.getOrDefault(campaignId, 0) >= DEATHS;
  }

  private static boolean isQuarantined(CampaignLog log, String campaignId) {
    return log.state(campaignId).map(s -> s.status() == Status.QUARANTINED).orElse(false);
  }

  private static boolean isQuiet(CampaignState state) {
    return state.open().isEmpty() && state.status() != Status.RUNNING;
  }

  private Observation observe(CampaignState state, Attempt attempt) {
    try {
      return services.backend().observe(state.spec().orElseThrow(), attempt);
    } catch (RuntimeException e) {
      LOG.warn("Cannot observe {}", attempt.key().runId(), e);
      return new Observation.Unknown(attempt.key(), String.valueOf(e));
    }
  }

  /**
   * One campaign's trouble must not stop the others: an error of ours is a strike, three in a row
   * are a quarantine.
   */
  private Decision decide(
      CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now) {
    try {
      return fence.call(() -> legal(state, observations, inbox, now));
    } catch (Fence.Breach e) {
      LOG.error("Campaign {} cannot be decided", state.campaignId(), e);
      List<CampaignEvent> events = new ArrayList<>();
      if (state.status() != Status.QUARANTINED) {
        events.add(new CampaignEvent.Struck(e.getMessage()));
        if (state.strikes() + 1 >= STRIKES) {
          events.add(
              new CampaignEvent.Quarantined(
                  "deciding failed "
                      + STRIKES
                      + " times in a row, at last with "
                      + e.getMessage()));
        }
      }
      return new Decision(
          events,
          List.of(),
          List.of("campaign " + state.campaignId() + " failed: " + e.getMessage()));
    }
  }

  /** A decision that the log would refuse must not get as far as to stop the others. */
  private Decision legal(
      CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now) {
    Decision decision = services.rule().decide(state, observations, inbox, now);
    CampaignFold fold = new CampaignFold(state);
    decision.events().forEach(event -> fold.add(fold.lastSeq() + 1, now, event));
    return decision;
  }

  private TickSummary act(
      CampaignLog committed,
      Map<String, Step> steps,
      Map<String, Integer> deaths,
      Instant startedAt,
      String tickId) {
    Map<String, List<CampaignEvent>> afterwards = new TreeMap<>();
    int launched = carryOut(committed, steps, afterwards);
    int unpublished = publish(committed, deaths, afterwards);
    Map<String, Step> suspects = suspects(committed, deaths, startedAt);
    suspects.forEach((id, step) -> add(afterwards, id, step.decision().events()));
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
          .filter(id -> !isKiller(deaths, id) || !isQuarantined(now, id))
          .forEach(marks::forgive);
    }
    steps.putAll(suspects);
    boolean snapshotDue = last.isSnapshotDue(services.commitsBetweenSnapshots());
    Projections.catchUp(store, last, snapshotDue);
    if (snapshotDue) {
      last.snapshot().write(store);
    }
    TickSummary summary = summary(tickId, last, steps, afterwards, launched, unpublished);
    if (summary.events() > 0) {
      Projections.recordTick(
          store,
          summary,
          steps.size(),
          steps.values().stream().mapToInt(s -> s.observations().size()).sum(),
          startedAt,
          services.clock().instant());
    }
    return summary;
  }

  /** Carries out what was decided; how many runs were launched. */
  private int carryOut(
      CampaignLog committed, Map<String, Step> steps, Map<String, List<CampaignEvent>> afterwards) {
    int launched = 0;
    for (Map.Entry<String, Step> entry : steps.entrySet()) {
      List<Command> commands = entry.getValue().decision().commands();
      if (!commands.isEmpty()) {
        marks.enter(entry.getKey());
        List<CampaignEvent> events =
            carryOut(committed.state(entry.getKey()).orElseThrow(), commands);
        launched += events.size();
        add(afterwards, entry.getKey(), events);
      }
    }
    marks.leave();
    return launched;
  }

  private List<CampaignEvent> carryOut(CampaignState state, List<Command> commands) {
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
      Map<String, Step> steps,
      Map<String, List<CampaignEvent>> afterwards,
      int launched,
      int unpublished) {
    List<CampaignState> states = List.copyOf(log.states().values());
    List<CampaignEvent> decided =
        steps.values().stream().flatMap(step -> step.decision().events().stream()).toList();
    List<Observation> observations =
        steps.values().stream().flatMap(step -> step.observations().stream()).toList();
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
        steps.values().stream().flatMap(step -> step.decision().explanation().stream()).toList());
  }
}
