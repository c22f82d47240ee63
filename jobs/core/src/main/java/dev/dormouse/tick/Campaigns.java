package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Decider;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Changes that commands make to campaigns at once, rather than through the inbox. */
public final class Campaigns {
  private static final int ATTEMPTS = 20;

  private Campaigns() {}

  /**
   * Records a new campaign.
   *
   * @throws IllegalArgumentException if there is one with this name
   */
  public static void create(KernelLake lake, CampaignSpec spec, String by, Instant now) {
    lake.createKernelTables();
    append(
        lake,
        spec.campaignId(),
        now,
        state -> {
          if (state.lastSeq() > 0) {
            throw new IllegalArgumentException(
                "There is a campaign '" + spec.campaignId() + "' already; choose another name");
          }
          return new CampaignEvent.Created(spec, by, Decider.RULES);
        });
  }

  /**
   * Records a plan, which then waits for approval.
   *
   * @throws IllegalArgumentException if a plan was approved before
   */
  public static void planned(TableStore store, String campaignId, Plan plan, Instant now) {
    append(
        store,
        campaignId,
        now,
        state -> {
          requirePlannable(state);
          return CampaignEvent.Planned.of(plan);
        });
  }

  /**
   * Checks whether a campaign can be planned, before anything is written for its plan.
   *
   * @throws IllegalArgumentException if there is no such campaign, it is over, or a plan was
   *     approved before
   */
  public static void requirePlannable(TableStore store, String campaignId) {
    requirePlannable(
        CampaignLog.read(store)
            .state(campaignId)
            .orElseGet(() -> CampaignState.unknown(campaignId)));
  }

  private static void requirePlannable(CampaignState state) {
    if (state.spec().isEmpty()) {
      throw new IllegalArgumentException(
          "There is no campaign '" + state.campaignId() + "'; create it first");
    }
    if (state.isOver()) {
      throw new IllegalArgumentException(
          "Campaign '" + state.campaignId() + "' is " + state.status().id() + "; create a new one");
    }
    if (state.approval().isPresent()) {
      throw new IllegalArgumentException(
          "Campaign '"
              + state.campaignId()
              + "' has an approved plan already; create a new campaign for a new plan");
    }
  }

  /**
   * Replaces a plan that still waits for approval.
   *
   * @param oldHash identity of the plan to replace
   * @param reason why, for people
   * @return whether it was replaced; not if somebody answered about the old plan, or replaced it,
   *     in the meantime
   */
  public static boolean replanned(
      TableStore store, String campaignId, String oldHash, Plan plan, String reason, Instant now) {
    return appendIfDue(
        store,
        campaignId,
        now,
        state ->
            state.status() == CampaignState.Status.WAITING_FOR_APPROVAL
                    && state.planHash().equals(Optional.of(oldHash))
                ? Optional.of(new CampaignEvent.Planned(plan.hash(), plan, reason))
                : Optional.empty());
  }

  /** Makes an event from the state that it follows. */
  private interface NextEvent {
    CampaignEvent after(CampaignState state);
  }

  private static void append(TableStore store, String campaignId, Instant now, NextEvent next) {
    appendIfDue(store, campaignId, now, state -> Optional.of(next.after(state)));
  }

  /** Appends the event that follows from the newest state, if one does; returns whether one did. */
  private static boolean appendIfDue(
      TableStore store,
      String campaignId,
      Instant now,
      Function<CampaignState, Optional<CampaignEvent>> next) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      CampaignLog log = CampaignLog.read(store);
      CampaignState state =
          log.state(campaignId).orElseGet(() -> CampaignState.unknown(campaignId));
      Optional<CampaignEvent> event = next.apply(state);
      if (event.isEmpty()) {
        return false;
      }
      if (log.append(Map.of(campaignId, List.of(event.get())), now, "command").isPresent()) {
        return true;
      }
    }
    throw new IllegalStateException(
        "Could not write to the log of campaigns: others wrote " + ATTEMPTS + " times in between");
  }
}
