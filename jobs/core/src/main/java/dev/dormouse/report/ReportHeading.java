package dev.dormouse.report;

import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.summary.CampaignSummary;
import java.util.List;

/**
 * The head of the report.
 *
 * @param asOf time of the last logged event, UTC
 */
record ReportHeading(String campaign, String goal, String status, String asOf) {
  static ReportHeading of(CampaignSummary summary, List<LoggedEvent> events) {
    return new ReportHeading(
        summary.campaign(),
        summary.goal(),
        summary.status().replace('_', ' '),
        events.isEmpty() ? "" : Timestamps.minute(events.get(events.size() - 1).at()));
  }
}
