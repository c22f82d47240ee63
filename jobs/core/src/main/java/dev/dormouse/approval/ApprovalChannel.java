package dev.dormouse.approval;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.InboxMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** A place where people approve plans. */
public interface ApprovalChannel {
  /** Shows people the plan that this campaign waits for, unless it is shown already. */
  void request(CampaignState waiting);

  /**
   * Returns the answers that people gave so far about plans of these campaigns.
   *
   * @param now the time of answers that have none of their own
   * @return messages; an answer has the same id every time
   */
  List<InboxMessage> answers(Collection<CampaignState> campaigns, Instant now);
}
