package dev.dormouse.approval;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.InboxMessage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** A place where people approve plans. */
public interface ApprovalChannel {
  /** Shows people the plan that this campaign waits with, unless they see it already. */
  void ask(CampaignState waiting);

  /**
   * What people answered so far, about plans of these campaigns.
   *
   * @param now the time of answers that do not tell theirs
   * @return messages, whose ids are the same every time
   */
  List<InboxMessage> answers(Collection<CampaignState> campaigns, Instant now);
}
