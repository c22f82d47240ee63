package dev.dormouse.report;

import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import dev.dormouse.summary.Productivity;
import java.util.List;

/** Builds the tiles of the report. Pure. */
final class ReportTiles {
  private ReportTiles() {}

  static List<Tile> of(CampaignSummary summary, ReportData data) {
    CampaignSummary.Budget budget = summary.budget();
    Productivity own = Productivity.of(data.state());
    int finished = summary.phases().stream().mapToInt(p -> p.done() + p.failed()).sum();
    return List.of(
        new Tile(
            Numbers.gpuHours(budget.usedGpuHours()),
            "GPU-hours of " + Numbers.gpuHours(budget.capGpuHours()) + " approved",
            "time"),
        new Tile(String.valueOf(finished), "trials finished", ReportRuns.ALL),
        new Tile(
            own.resolvedAlone() + " of " + own.failures(), "failures resolved alone", "failures"),
        new Tile(String.valueOf(data.ticks()), "ticks that changed something", "time"),
        new Tile(String.valueOf(own.touches()), "human touches", "people"),
        new Tile(Numbers.minutes(own.attendedMinutes()), "attended minutes", "people"),
        new Tile(
            ReportWords.orDash(own.gpuHoursPerConfirmedGain(), Numbers::gpuHours),
            "GPU-hours per confirmed gain",
            "people"));
  }
}
