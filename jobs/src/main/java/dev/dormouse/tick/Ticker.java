package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.Decision;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Observation;
import dev.dormouse.io.KernelLake;
import dev.dormouse.publish.Outbox;
import dev.dormouse.training.TrainingBackend;
import dev.dormouse.training.TrainingBackendException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One wake-up: open and verify the log, read the inbox, observe open runs, decide, commit, and only
 * then launch what was committed, project outcomes into the lake and publish. It may be killed at
 * any point, run twice at once, or late: the next one goes on from the log.
 */
public final class Ticker {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final int STRIKES = 3;
  private static final int ROUNDS = 5;

  private final KernelLake lake;
  private final TrainingBackend backend;
  private final Optional<Outbox> outbox;
  private final Clock clock;

  /**
   * A ticker.
   *
   * @param backend runs the trainings
   * @param outbox where results are shown; without one they wait in the lake
   * @param clock tells the time
   */
  public Ticker(KernelLake lake, TrainingBackend backend, Optional<Outbox> outbox, Clock clock) {
    this.lake = lake;
    this.backend = backend;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** What one campaign's look and decision gave. */
  private record Step(CampaignState state, List<Observation> observations, Decision decision) {}

  /** Only looks and decides: what a tick would do now. */
  public List<String> dryRun() {
    CampaignLog log = CampaignLog.read(lake);
    return steps(log, clock.instant()).values().stream()
        .flatMap(step -> step.decision().explanation().stream())
        .toList();
  }

  /**
   * Runs one tick.
   *
   * @throws CorruptLogException if the log does not verify
   */
  public TickSummary tick() {
    Instant now = clock.instant();
    String tickId = "tick-" + UUID.randomUUID();
    for (int round = 0; round < ROUNDS; round++) {
      CampaignLog log = CampaignLog.read(lake);
      Map<String, Step> steps = steps(log, now);
      Map<String, List<CampaignEvent>> events = new TreeMap<>();
      steps.forEach(
          (id, step) -> {
            if (!step.decision().events().isEmpty()) {
              events.put(id, step.decision().events());
            }
          });
      Optional<CampaignLog> committed =
          events.isEmpty() ? Optional.of(log) : log.append(events, now, tickId);
      if (committed.isPresent()) {
        return act(committed.get(), steps, now, tickId);
      }
      LOG.info("Another tick committed first; looking again");
    }
    throw new IllegalStateException(
        "Other ticks committed " + ROUNDS + " times in between; the next tick goes on");
  }

  private Map<String, Step> steps(CampaignLog log, Instant now) {
    List<InboxMessage> inbox = Inbox.read(lake);
    Map<String, Step> steps = new TreeMap<>();
    log.states()
        .forEach(
            (id, state) -> {
              List<InboxMessage> mine =
                  inbox.stream().filter(message -> message.campaignId().equals(id)).toList();
              if (isQuiet(state)
                  && mine.stream()
                      .allMatch(m -> state.answeredMessages().contains(m.messageId()))) {
                return;
              }
              steps.put(id, fenced(state, mine, now));
            });
    return steps;
  }

  private static boolean isQuiet(CampaignState state) {
    return state.open().isEmpty() && state.status() != Status.RUNNING;
  }

  private Step fenced(CampaignState state, List<InboxMessage> inbox, Instant now) {
    List<Observation> observations =
        state.open().stream().map(attempt -> observe(state, attempt)).toList();
    return new Step(state, observations, decide(state, observations, inbox, now));
  }

  private Observation observe(CampaignState state, Attempt attempt) {
    try {
      return backend.observe(state.spec().orElseThrow(), attempt);
    } catch (RuntimeException e) {
      LOG.warn("Cannot observe {}", attempt.key().runId(), e);
      return new Observation.Unknown(attempt.key(), String.valueOf(e));
    }
  }

  /**
   * One campaign's trouble must not stop the others: an error of ours is a strike, three in a row
   * are a quarantine.
   */
  private static Decision decide(
      CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now) {
    try {
      return Decider.decide(state, observations, inbox, now);
    } catch (RuntimeException e) {
      LOG.error("Campaign {} cannot be decided", state.campaignId(), e);
      List<CampaignEvent> events = new ArrayList<>();
      if (state.status() != Status.QUARANTINED) {
        events.add(new CampaignEvent.Struck(String.valueOf(e)));
        if (state.strikes() + 1 >= STRIKES) {
          events.add(
              new CampaignEvent.Quarantined(
                  "deciding failed " + STRIKES + " times in a row, at last with " + e));
        }
      }
      return new Decision(
          events, List.of(), List.of("campaign " + state.campaignId() + " failed: " + e));
    }
  }

  private TickSummary act(
      CampaignLog committed, Map<String, Step> steps, Instant startedAt, String tickId) {
    Map<String, List<CampaignEvent>> afterwards = new TreeMap<>();
    int launched = 0;
    for (Map.Entry<String, Step> entry : steps.entrySet()) {
      List<CampaignEvent> events =
          carryOut(committed.states().get(entry.getKey()), entry.getValue().decision().commands());
      launched += events.size();
      if (!events.isEmpty()) {
        afterwards.put(entry.getKey(), new ArrayList<>(events));
      }
    }
    committed
        .states()
        .forEach(
            (id, state) ->
                publish(state)
                    .ifPresent(
                        acked ->
                            afterwards.computeIfAbsent(id, any -> new ArrayList<>()).add(acked)));
    CampaignLog last = committed;
    if (!afterwards.isEmpty()) {
      // Losing this race costs nothing: launching and publishing again change nothing, and the next
      // tick records it.
      last = committed.append(afterwards, clock.instant(), tickId).orElse(committed);
    }
    Projections.catchUp(lake, last);
    TickSummary summary = summary(tickId, last, steps, afterwards, launched);
    if (summary.events() > 0) {
      Projections.recordTick(
          lake,
          summary,
          steps.size(),
          steps.values().stream().mapToInt(s -> s.observations().size()).sum(),
          startedAt,
          clock.instant());
    }
    return summary;
  }

  private List<CampaignEvent> carryOut(CampaignState state, List<Command> commands) {
    List<CampaignEvent> events = new ArrayList<>();
    for (Command command : commands) {
      try {
        if (command instanceof Command.Launch launch) {
          String externalId = backend.launch(state.spec().orElseThrow(), launch);
          events.add(
              new CampaignEvent.Launched(
                  launch.key().trialId(), launch.key().attempt(), externalId));
        } else if (command instanceof Command.Stop stop) {
          backend.stop(state.spec().orElseThrow(), stop);
        }
      } catch (TrainingBackendException e) {
        LOG.warn("{}; the next tick tries again", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("Cannot carry out {}; the next tick tries again", command, e);
      }
    }
    return events;
  }

  private Optional<CampaignEvent> publish(CampaignState state) {
    try {
      if (outbox.isEmpty() || outbox.get().pending(state) == 0) {
        return Optional.empty();
      }
      List<String> keys = outbox.get().publish(state);
      return keys.isEmpty() ? Optional.empty() : Optional.of(new CampaignEvent.OutboxAcked(keys));
    } catch (RuntimeException e) {
      LOG.warn("Cannot publish campaign {}; the next tick tries again", state.campaignId(), e);
      return Optional.empty();
    }
  }

  private TickSummary summary(
      String tickId,
      CampaignLog log,
      Map<String, Step> steps,
      Map<String, List<CampaignEvent>> afterwards,
      int launched) {
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
        log.states().values().stream().mapToInt(state -> state.open().size()).sum(),
        (int) observations.stream().filter(Observation.Unknown.class::isInstance).count(),
        log.states().values().stream()
            .filter(state -> state.status() == Status.RUNNING || !state.open().isEmpty())
            .map(CampaignState::campaignId)
            .toList(),
        log.states().values().stream()
            .filter(state -> state.status() == Status.WAITING_FOR_APPROVAL)
            .map(CampaignState::campaignId)
            .toList(),
        outbox.map(o -> log.states().values().stream().mapToInt(o::pending).sum()).orElse(0),
        steps.values().stream().flatMap(step -> step.decision().explanation().stream()).toList());
  }
}
