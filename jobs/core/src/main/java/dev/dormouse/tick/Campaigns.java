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
          if (state.spec().isEmpty()) {
            throw new IllegalArgumentException(
                "There is no campaign '" + campaignId + "'; create it first");
          }
          if (state.isOver()) {
            throw new IllegalArgumentException(
                "Campaign '" + campaignId + "' is " + state.status().id() + "; create a new one");
          }
          if (state.approval().isPresent()) {
            throw new IllegalArgumentException(
                "Campaign '"
                    + campaignId
                    + "' has an approved plan already; create a new campaign for a new plan");
          }
          return CampaignEvent.Planned.of(plan);
        });
  }

  /** Makes an event from the state that it follows. */
  private interface NextEvent {
    CampaignEvent after(CampaignState state);
  }

  private static void append(TableStore store, String campaignId, Instant now, NextEvent next) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      CampaignLog log = CampaignLog.read(store);
      CampaignState state =
          log.state(campaignId).orElseGet(() -> CampaignState.unknown(campaignId));
      if (log.append(Map.of(campaignId, List.of(next.after(state))), now, "command").isPresent()) {
        return;
      }
    }
    throw new IllegalStateException(
        "Could not write to the log of campaigns: others wrote " + ATTEMPTS + " times in between");
  }
}
