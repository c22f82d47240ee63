package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.summary.Numbers;
import dev.dormouse.summary.Productivity;
import java.util.List;
import java.util.Locale;

/** What people did for the campaign, and what a confirmed gain cost. Pure. */
record PeopleSection(List<ProductivityLine> productivity, List<Touch> touches) {

  /**
   * Totals of this campaign, or of all in the lake.
   *
   * @param confirmed number of confirmed gains
   */
  record ProductivityLine(
      String what,
      int campaigns,
      int confirmed,
      String failures,
      int touches,
      String minutes,
      String gpuHours,
      PerGain perGain) {

    private static ProductivityLine of(String what, Productivity p) {
      return new ProductivityLine(
          what,
          p.campaigns(),
          p.confirmedGains(),
          failures(p),
          p.touches(),
          Numbers.minutes(p.attendedMinutes()),
          Numbers.gpuHours(p.gpuHours()),
          new PerGain(
              ReportWords.orDash(
                  p.touchesPerConfirmedGain(), n -> String.format(Locale.ROOT, "%.1f", n)),
              ReportWords.orDash(p.attendedMinutesPerConfirmedGain(), Numbers::minutes),
              ReportWords.orDash(p.gpuHoursPerConfirmedGain(), Numbers::gpuHours)));
    }

    private static String failures(Productivity p) {
      return p.failures() == 0
          ? "none failed"
          : p.resolvedAlone()
              + " of "
              + p.failures()
              + " ("
              + Numbers.percent(p.shareResolvedAlone().getAsDouble())
              + ")";
    }
  }

  /** Totals divided by the number of confirmed gains. */
  record PerGain(String touches, String minutes, String gpuHours) {}

  /** One human action. */
  record Touch(String at, String kind, String by, String channel, String detail) {}

  static PeopleSection of(CampaignState state, Productivity allCampaigns) {
    return new PeopleSection(
        List.of(
            ProductivityLine.of("This campaign", Productivity.of(state)),
            ProductivityLine.of("All campaigns of the lake", allCampaigns)),
        state.touches().stream()
            .map(
                t ->
                    new Touch(Timestamps.minute(t.at()), t.kind(), t.by(), t.channel(), t.detail()))
            .toList());
  }
}
