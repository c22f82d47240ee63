package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Decision;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Observation;
import dev.dormouse.io.TableStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CampaignReviews at campaigns and decides for each of them, so that none can stop the others. */
final class CampaignReviews {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignReviews.class);
  private static final int STRIKES = 3;
  private static final int DEATHS = 5;

  private final TickServices services;
  private final TableStore store;
  private final TickMarks marks;
  private final DecisionTimeout timeout;

  CampaignReviews(TickServices services) {
    this.services = services;
    this.store = services.store();
    this.marks = services.marks();
    this.timeout = new DecisionTimeout(services.patience());
  }

  /** What looking at one campaign showed, and what was decided. */
  record Review(List<Observation> observations, Decision decision) {}

  /** CampaignReviews at campaigns of these names that may have something to do, and decides. */
  Map<String, Review> at(CampaignLog log, Instant now, Predicate<String> names) {
    Map<String, List<InboxMessage>> inbox = inbox();
    Map<String, Review> reviews = new TreeMap<>();
    for (CampaignState state : log.states().values()) {
      String id = state.campaignId();
      List<InboxMessage> unanswered = unanswered(inbox, state);
      if (names.test(id) && (!isQuiet(state) || !unanswered.isEmpty())) {
        marks.enter(id);
        List<Observation> observations =
            state.open().stream().map(attempt -> observe(state, attempt)).toList();
        reviews.put(id, new Review(observations, decide(state, observations, unanswered, now)));
      }
    }
    marks.leave();
    return reviews;
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
  Map<String, Review> atSuspects(CampaignLog log, Map<String, Integer> deaths, Instant now) {
    if (deaths.isEmpty()) {
      return new TreeMap<>();
    }
    Map<String, Review> reviews =
        at(log, now, id -> deaths.containsKey(id) && !isKiller(deaths, id));
    Map<String, List<InboxMessage>> inbox = inbox();
    log.states().values().stream()
        .filter(state -> isKiller(deaths, state.campaignId()))
        .forEach(
            state ->
                killer(state, deaths.get(state.campaignId()), unanswered(inbox, state), now)
                    .ifPresent(look -> reviews.put(state.campaignId(), look)));
    marks.leave();
    return reviews;
  }

  /**
   * A campaign that killed too many ticks is not looked at any more, and hears only what people
   * say: they may have it resumed. If that kills as well, it hears nothing.
   */
  private Optional<Review> killer(
      CampaignState state, int deaths, List<InboxMessage> unanswered, Instant now) {
    String id = state.campaignId();
    if (state.status() != Status.QUARANTINED) {
      String reason = deaths + " ticks in a row died while they worked on it";
      return Optional.of(
          new Review(
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
    return Optional.of(new Review(List.of(), decide(state, List.of(), unanswered, now)));
  }

  /** Whether so many ticks have died over a campaign that it is not looked at any more. */
  static boolean isKiller(Map<String, Integer> deaths, String campaignId) {
    return deaths.getOrDefault(campaignId, 0) >= DEATHS;
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
      return timeout.call(() -> legal(state, observations, inbox, now));
    } catch (DecisionTimeout.Breach e) {
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
}
