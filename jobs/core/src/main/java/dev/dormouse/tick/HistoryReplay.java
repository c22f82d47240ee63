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
import dev.dormouse.table.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides a campaign's history once more: from each recorded outcome and message follows what must
 * have been observed and asked, and deciding on that must give the recorded events, byte by byte.
 */
public final class HistoryReplay {
  private static final Duration LONG_AFTER = Duration.ofDays(365);

  private HistoryReplay() {}

  /**
   * Replays a history.
   *
   * @param events all events of one campaign, in order
   * @param inbox the messages to it
   * @return where the decisions differ from the history; empty if they do not
   */
  public static Optional<String> difference(List<LoggedEvent> events, List<InboxMessage> inbox) {
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
        Optional<String> difference = difference(fold.state(), commit, messages);
        if (difference.isPresent()) {
          return difference;
        }
      }
      commit.forEach(event -> fold.add(event.seq(), event.at(), event.event()));
      from = to;
    }
    return Optional.empty();
  }

  /** What commands and the shell wrote was not decided; nor what failed. */
  private static boolean isDecided(List<LoggedEvent> commit) {
    return commit.stream()
            .map(LoggedEvent::event)
            .noneMatch(
                event ->
                    event instanceof CampaignEvent.Created
                        || event instanceof CampaignEvent.Planned
                        || event instanceof CampaignEvent.Struck
                        || event instanceof CampaignEvent.Quarantined
                        || event instanceof CampaignEvent.OutboxAcked)
        && !commit.stream()
            .map(LoggedEvent::event)
            .allMatch(
                event ->
                    event instanceof CampaignEvent.Launched
                        || event instanceof CampaignEvent.Hindered);
  }

  private static Optional<String> difference(
      CampaignState before, List<LoggedEvent> commit, Map<String, InboxMessage> messages) {
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
        Decider.decide(before, observations, asked, now).events().stream()
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

  private static Optional<Observation> observation(CampaignState before, CampaignEvent event) {
    String id = before.campaignId();
    if (event instanceof CampaignEvent.Settled settled) {
      TrialKey key = new TrialKey(id, settled.trialId(), settled.attempt());
      return Optional.of(
          settled.outcome().rule().equals(Decider.VANISHED)
              ? new Observation.NotFound(key, settled.outcome().finishedAt())
              : new Observation.Ended(key, "", settled.outcome()));
    } else if (event instanceof CampaignEvent.Released released) {
      TrialKey key = new TrialKey(id, released.trialId(), released.attempt());
      Attempt attempt = before.attempts().get(key);
      return Optional.of(
          released.reason().equals(Decider.CAME_TOO_LATE)
              ? new Observation.AbortedLate(key)
              : new Observation.NotFound(key, attempt.launchNotAfter().plus(LONG_AFTER)));
    } else if (event instanceof CampaignEvent.Abandoned abandoned) {
      TrialKey key = new TrialKey(id, abandoned.trialId(), abandoned.attempt());
      return Optional.of(
          new Observation.Running(
              key, before.attempts().get(key).externalId().orElse(""), abandoned.curve()));
    } else if (event instanceof CampaignEvent.Launched launched) {
      TrialKey key = new TrialKey(id, launched.trialId(), launched.attempt());
      return Optional.of(new Observation.Running(key, launched.externalId(), List.of()));
    }
    return Optional.empty();
  }
}
