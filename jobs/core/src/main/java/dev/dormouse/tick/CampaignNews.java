package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What planning has to know of the campaigns: which ended, and which plans wait for approval.
 *
 * @param ended the campaigns that are over, in order of their names
 * @param waiting the plans that nobody has approved yet, in order of their campaigns' names
 */
public record CampaignNews(List<Ended> ended, List<Waiting> waiting) {
  public CampaignNews {
    ended = List.copyOf(ended);
    waiting = List.copyOf(waiting);
  }

  /**
   * A campaign that is over.
   *
   * @param verdict how it ended; empty if a person halted it
   * @param commit the commit of the log that ended it
   */
  public record Ended(CampaignSpec spec, Optional<Verdict> verdict, long commit) {}

  /**
   * A plan that waits for approval.
   *
   * @param planHash its recorded identity
   * @param commit the commit of the log that recorded it
   */
  public record Waiting(CampaignSpec spec, Plan plan, String planHash, long commit) {}

  /**
   * Reads the log of campaigns, and writes the outcomes of trials that a killed tick left out of
   * the tables.
   *
   * @throws CorruptLogException if it does not verify
   */
  public static CampaignNews read(TableStore store) {
    CampaignLog.WithEvents read = CampaignLog.readWithEvents(store, CampaignNews::matters);
    Projections.catchUp(store, read.log(), false);
    Map<String, Long> commits = new HashMap<>();
    read.events().forEach(event -> commits.put(event.campaignId(), event.commit()));
    List<CampaignState> states =
        read.log().states().values().stream().filter(s -> s.spec().isPresent()).toList();
    return new CampaignNews(
        states.stream()
            .filter(s -> s.status() == Status.FINISHED || s.status() == Status.HALTED)
            .map(s -> new Ended(s.spec().orElseThrow(), s.verdict(), commits.get(s.campaignId())))
            .toList(),
        states.stream()
            .filter(state -> state.status() == Status.WAITING_FOR_APPROVAL)
            .map(
                state ->
                    new Waiting(
                        state.spec().orElseThrow(),
                        state.plan().orElseThrow(),
                        state.planHash().orElseThrow(),
                        commits.get(state.campaignId())))
            .toList());
  }

  /** Whether an event ends a campaign or makes a plan; the newest of these is of interest. */
  private static boolean matters(LoggedEvent logged) {
    CampaignEvent event = logged.event();
    return event instanceof CampaignEvent.Planned
        || event instanceof CampaignEvent.Finished
        || (event instanceof CampaignEvent.Commanded commanded
            && commanded.kind().equals(CampaignEvent.Commanded.Instruction.HALT.id()));
  }
}
