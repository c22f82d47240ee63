package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.report.ReportData;
import dev.dormouse.tick.CampaignLog;
import java.util.Map;

/** Looks up campaigns for commands that name one. */
final class CampaignViews {
  private CampaignViews() {}

  static CampaignState require(KernelLake lake, String campaignId) {
    Map<String, CampaignState> states = CampaignLog.read(lake).states();
    CampaignState state = states.get(campaignId);
    if (state == null) {
      throw CommandException.badInput(
          "There is no campaign '"
              + campaignId
              + "' in "
              + lake.root()
              + "; "
              + (states.isEmpty()
                  ? "it has none yet."
                  : "it has " + String.join(", ", states.keySet()) + "."));
    }
    return state;
  }

  static CampaignSpec spec(KernelLake lake, String campaignId) {
    return require(lake, campaignId)
        .spec()
        .orElseThrow(
            () -> new IllegalStateException("Campaign " + campaignId + " has no Created event"));
  }

  static ReportData reportData(KernelLake lake, String campaignId) {
    require(lake, campaignId);
    return ReportData.read(lake, campaignId);
  }
}
