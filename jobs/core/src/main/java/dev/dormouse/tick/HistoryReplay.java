package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Plan;
import dev.dormouse.table.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides a campaign's history again: the observations and messages are derived from the recorded
 * events, and deciding on them must give the recorded events, byte by byte.
 */
public final class HistoryReplay {
  private static final Duration LONG_AFTER = Duration.ofDays(365);

  private HistoryReplay() {}

  /**
   * Replays a history.
   *
   * @param events all events of one campaign, in order
   * @param inbox the messages to it
   * @param forecasts returns the forecasts that a plan rests on
   * @return the first difference between decisions and history; empty if there is none
   */
  public static Optional<String> difference(
      List<LoggedEvent> events,
      List<InboxMessage> inbox,
      Function<Plan, Optional<ArmForecasts>> forecasts) {
    Map<String, InboxMessage> messages =
        inbox.stream().collect(Collectors.toMap(InboxMessage::messageId, Function.identity()));
    CampaignFold fold =
        new CampaignFold(CampaignState.unknown(events.isEmpty() ? "" : events.get(0).campaignId()));
    int from = 0;
    while (from < events.size()) {
      int to = from;
      while (to < events.size() && events.get(to).commit() == events.get(from).commit()) {
        to++;
      }
      List<LoggedEvent> commit = events.subList(from, to);
      if (isDecided(commit)) {
        Optional<String> difference = difference(fold.state(), commit, messages, forecasts);
        if (difference.isPresent()) {
          return difference;
        }
      }
      commit.forEach(event -> fold.add(event.seq(), event.at(), event.event()));
      from = to;
    }
    return Optional.empty();
  }

  /** Who wrote an event. */
  private enum Writer {
    DECISION,
    /** The shell, after what a decision asked for. */
    SHELL,
    /** A command, or the shell after a failure: no commit with such an event was decided. */
    OTHER
  }

  private static Writer writer(CampaignEvent.Type type) {
    return switch (type) {
      case CREATED, PLANNED, STRUCK, QUARANTINED, OUTBOX_ACKED -> Writer.OTHER;
      case LAUNCHED, HINDERED -> Writer.SHELL;
      case APPROVED,
          PHASE_STARTED,
          SPLIT_CHANGED,
          INTENT,
          SETTLED,
          ABANDONED,
          RELEASED,
          DIAGNOSED,
          COMMANDED,
          INBOX_ACKED,
          FINISHED ->
          Writer.DECISION;
    };
  }

  private static boolean isDecided(List<LoggedEvent> commit) {
    Set<Writer> writers =
        commit.stream().map(event -> writer(event.event().type())).collect(Collectors.toSet());
    return writers.contains(Writer.DECISION) && !writers.contains(Writer.OTHER);
  }

  private static Optional<String> difference(
      CampaignState before,
      List<LoggedEvent> commit,
      Map<String, InboxMessage> messages,
      Function<Plan, Optional<ArmForecasts>> forecasts) {
    List<Observation> observations = new ArrayList<>();
    List<InboxMessage> asked = new ArrayList<>();
    for (LoggedEvent logged : commit) {
      observation(before, logged.event()).ifPresent(observations::add);
      if (logged.event() instanceof CampaignEvent.InboxAcked acked) {
        asked.add(messages.get(acked.messageId()));
      }
    }
    Instant now = commit.get(0).at();
    List<String> decided =
        Decider.decide(before, forecasts, observations, asked, now).events().stream()
            .map(Json::write)
            .toList();
    List<String> recorded = commit.stream().map(event -> Json.write(event.event())).toList();
    if (decided.equals(recorded)) {
      return Optional.empty();
    }
    return Optional.of(
        "Commit "
            + commit.get(0).commit()
            + " of campaign "
            + before.campaignId()
            + " recorded "
            + recorded
            + ", but deciding again gives "
            + decided);
  }

  /** Returns the observation that an event was decided on; empty if it needs none. */
  private static Optional<Observation> observation(CampaignState before, CampaignEvent event) {
    String id = before.campaignId();
    return switch (event.type()) {
      case SETTLED -> {
        CampaignEvent.Settled settled = (CampaignEvent.Settled) event;
        TrialKey key = new TrialKey(id, settled.trialId(), settled.attempt());
        yield Optional.of(
            settled.outcome().rule().equals(Decider.VANISHED)
                ? new Observation.NotFound(key, settled.outcome().finishedAt())
                : new Observation.Ended(key, "", settled.outcome()));
      }
      case RELEASED -> {
        CampaignEvent.Released released = (CampaignEvent.Released) event;
        TrialKey key = new TrialKey(id, released.trialId(), released.attempt());
        Attempt attempt = before.attempts().get(key);
        yield Optional.of(
            released.reason().equals(Decider.CAME_TOO_LATE)
                ? new Observation.AbortedLate(key)
                : new Observation.NotFound(key, attempt.launchNotAfter().plus(LONG_AFTER)));
      }
      case ABANDONED -> {
        CampaignEvent.Abandoned abandoned = (CampaignEvent.Abandoned) event;
        TrialKey key = new TrialKey(id, abandoned.trialId(), abandoned.attempt());
        yield Optional.of(
            new Observation.Running(
                key, before.attempts().get(key).externalId().orElse(""), abandoned.curve()));
      }
      case LAUNCHED -> {
        CampaignEvent.Launched launched = (CampaignEvent.Launched) event;
        TrialKey key = new TrialKey(id, launched.trialId(), launched.attempt());
        yield Optional.of(new Observation.Running(key, launched.externalId(), List.of()));
      }
      case CREATED,
          PLANNED,
          APPROVED,
          PHASE_STARTED,
          SPLIT_CHANGED,
          INTENT,
          DIAGNOSED,
          COMMANDED,
          INBOX_ACKED,
          OUTBOX_ACKED,
          HINDERED,
          STRUCK,
          QUARANTINED,
          FINISHED ->
          Optional.empty();
    };
  }
}
