package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.io.KernelLake;
import dev.dormouse.report.ReportData;
import dev.dormouse.tick.CampaignLog;
import java.util.List;
import java.util.Set;

/**
 * Finds the campaign that a user named. Each method reads and verifies the log of campaigns once,
 * and throws a {@link CommandException} if the lake has no such campaign.
 */
final class CampaignLookup {
  private CampaignLookup() {}

  /** Returns a campaign's state. */
  static CampaignState state(KernelLake lake, String campaignId) {
    return require(CampaignLog.read(lake), lake, campaignId);
  }

  /** Returns all events of a campaign, in order. */
  static List<LoggedEvent> events(KernelLake lake, String campaignId) {
    return withEvents(lake, campaignId).events();
  }

  /** Returns what the report of a campaign shows. */
  static ReportData reportData(KernelLake lake, String campaignId) {
    return ReportData.read(lake, campaignId, withEvents(lake, campaignId));
  }

  private static CampaignLog.WithEvents withEvents(KernelLake lake, String campaignId) {
    CampaignLog.WithEvents read = CampaignLog.readWithEvents(lake, campaignId);
    require(read.log(), lake, campaignId);
    return read;
  }

  private static CampaignState require(CampaignLog log, KernelLake lake, String campaignId) {
    return log.state(campaignId)
        .orElseThrow(
            () -> {
              Set<String> known = log.states().keySet();
              return CommandException.badInput(
                  "There is no campaign '"
                      + campaignId
                      + "' in "
                      + lake.root()
                      + "; "
                      + (known.isEmpty()
                          ? "it has none yet."
                          : "it has " + String.join(", ", known) + "."));
            });
  }
}
