package dev.dormouse.report;

import java.util.List;

/** Runs and budget over time, and the phases as planned and as executed. Pure. */
record TimeSection(TimePlot plot, List<PhaseLines.PhaseLine> phases) {
  static TimeSection of(ReportData data, ReportRuns runs) {
    return new TimeSection(
        TimePlot.of(data.state(), runs), PhaseLines.of(data.state(), data.events(), runs));
  }
}
