package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.Insight;
import dev.dormouse.summary.Productivity;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.TickRunsTable;
import dev.dormouse.tick.CampaignLog;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The data of a campaign's report.
 *
 * @param state the campaign
 * @param events its log, in order
 * @param insights of the newest mining, most useful first; empty if nothing was mined
 * @param ticks number of ticks that changed something in this campaign
 * @param allCampaigns effort, cost and confirmed gains of all campaigns of the lake
 */
public record ReportData(
    CampaignState state,
    List<LoggedEvent> events,
    List<Insight> insights,
    int ticks,
    Productivity allCampaigns) {

  public ReportData {
    events = List.copyOf(events);
    insights = List.copyOf(insights);
    if (state.spec().isEmpty()) {
      throw new IllegalArgumentException(
          "There is no campaign '" + state.campaignId() + "' to report on");
    }
  }

  /** Builds the data of a lake that has no other campaign. */
  public ReportData(
      CampaignState state, List<LoggedEvent> events, List<Insight> insights, int ticks) {
    this(state, events, insights, ticks, Productivity.of(state));
  }

  /**
   * The campaign as its log has it, with what else the lake knows about it.
   *
   * @throws IllegalArgumentException if the lake has no such campaign
   */
  public static ReportData read(KernelLake lake, String campaignId) {
    return read(lake, campaignId, CampaignLog.readWithEvents(lake, campaignId));
  }

  /**
   * Returns the data of the report of a campaign whose log was read already.
   *
   * @throws IllegalArgumentException if the log has no such campaign
   */
  public static ReportData read(
      KernelLake lake, String campaignId, CampaignLog.WithEvents campaigns) {
    List<LoggedEvent> events = campaigns.events();
    List<Insight> insights =
        lake.exists(InsightsTable.TABLE) ? InsightReader.newest(lake) : List.of();
    Set<String> writers = events.stream().map(LoggedEvent::tickId).collect(Collectors.toSet());
    long ticks =
        lake.exists(TickRunsTable.TABLE)
            ? lake.read(TickRunsTable.TABLE).rows().stream()
                .map(row -> row.text("tick_id"))
                .filter(writers::contains)
                .count()
            : 0;
    return new ReportData(
        campaigns.log().state(campaignId).orElseGet(() -> CampaignState.unknown(campaignId)),
        events,
        insights,
        (int) ticks,
        Productivity.of(campaigns.log().states().values()));
  }
}
