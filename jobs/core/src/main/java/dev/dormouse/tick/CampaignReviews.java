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

/** Observes campaigns and decides for each of them, so that none can stop the others. */
final class CampaignReviews {
  private static final Logger LOG = LoggerFactory.getLogger(CampaignReviews.class);
  private static final int STRIKES = 3;
  private static final int CRASHES = 5;

  private final TickServices services;
  private final TableStore store;
  private final TickMarks marks;
  private final PlanForecastReader forecasts;
  private final DecisionTimeout timeout;

  CampaignReviews(TickServices services) {
    this.services = services;
    this.store = services.store();
    this.marks = services.marks();
    this.forecasts = new PlanForecastReader(services.store());
    this.timeout = new DecisionTimeout(services.decisionTimeout());
  }

  /** The observations of one campaign and the decision on them. */
  record Review(List<Observation> observations, Decision decision) {}

  /** Reviews the campaigns of these names that may have something to do. */
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
   * Reviews the campaigns that ticks have crashed on. They come last, so that another crash costs
   * the others nothing.
   */
  Map<String, Review> atSuspects(CampaignLog log, Map<String, Integer> crashes, Instant now) {
    if (crashes.isEmpty()) {
      return new TreeMap<>();
    }
    Map<String, Review> reviews =
        at(log, now, id -> crashes.containsKey(id) && !isCrashing(crashes, id));
    Map<String, List<InboxMessage>> inbox = inbox();
    log.states().values().stream()
        .filter(state -> isCrashing(crashes, state.campaignId()))
        .forEach(
            state ->
                reviewOfCrashing(
                        state, crashes.get(state.campaignId()), unanswered(inbox, state), now)
                    .ifPresent(review -> reviews.put(state.campaignId(), review)));
    marks.leave();
    return reviews;
  }

  /**
   * Reviews a campaign that crashed too many ticks: it is quarantined, and then only messages are
   * answered, since people may resume it. If that crashes as well, nothing is done.
   */
  private Optional<Review> reviewOfCrashing(
      CampaignState state, int crashes, List<InboxMessage> unanswered, Instant now) {
    String id = state.campaignId();
    if (state.status() != Status.QUARANTINED) {
      String reason = crashes + " ticks in a row died while they worked on it";
      return Optional.of(
          new Review(
              List.of(),
              new Decision(
                  List.of(new CampaignEvent.Quarantined(reason)),
                  List.of(),
                  List.of("campaign " + id + " is quarantined: " + reason))));
    }
    if (unanswered.isEmpty() || crashes >= 2 * CRASHES) {
      return Optional.empty();
    }
    marks.enter(id);
    return Optional.of(new Review(List.of(), decide(state, List.of(), unanswered, now)));
  }

  /** Returns whether so many ticks crashed on a campaign that it is quarantined. */
  static boolean isCrashing(Map<String, Integer> crashes, String campaignId) {
    return crashes.getOrDefault(campaignId, 0) >= CRASHES;
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
   * Decides; an error of ours is a strike, three in a row quarantine the campaign. The other
   * campaigns are not affected.
   */
  private Decision decide(
      CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now) {
    try {
      return timeout.call(() -> legal(state, observations, inbox, now));
    } catch (DecisionTimeout.WorkFailedException e) {
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

  /** Decides and checks that the log accepts the decision, since one commit holds all of them. */
  private Decision legal(
      CampaignState state, List<Observation> observations, List<InboxMessage> inbox, Instant now) {
    Decision decision = services.rule().decide(state, forecasts::of, observations, inbox, now);
    CampaignFold fold = new CampaignFold(state);
    decision.events().forEach(event -> fold.add(fold.lastSeq() + 1, now, event));
    return decision;
  }
}
