package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.CampaignSummary;
import java.util.List;

/** The texts and numbers of the report: one component per section of the page, in order. Pure. */
record ReportView(
    ReportHeading heading,
    VerdictSection verdict,
    List<Tile> tiles,
    GainSection gains,
    List<Cautions.Caution> cautions,
    TriedSection tried,
    TimeSection time,
    Synergy synergy,
    ForecastReview forecasts,
    List<FailureLine> failures,
    PeopleSection people,
    List<NextSteps.NextStep> next,
    InsightSection insights,
    List<String> limits,
    ReportRuns runs) {

  static ReportView of(ReportData data) {
    CampaignState state = data.state();
    CampaignSummary summary = CampaignSummary.of(state);
    CampaignResults results = CampaignResults.of(state);
    ReportRuns runs = ReportRuns.of(state, results);
    InsightSection insights = InsightSection.of(data);
    return new ReportView(
        ReportHeading.of(summary, data.events()),
        VerdictSection.of(state, summary),
        ReportTiles.of(summary, data),
        GainSection.of(results, state.verdict()),
        Cautions.of(state, results, data.insights()),
        TriedSection.of(state, results, insights),
        TimeSection.of(data, runs),
        Synergy.of(results),
        ForecastReview.of(results, state.plan()),
        FailureLine.all(state, runs),
        PeopleSection.of(state, data.allCampaigns()),
        NextSteps.of(state, results),
        insights,
        ReportWords.limits(state, results),
        runs);
  }
}
