package dev.dormouse.table;

import java.util.List;

/** All tables of the lake, in the order of the data flow. */
public final class Tables {
  public static final List<Table> ALL =
      List.of(
          RunsTable.TABLE,
          RunMetricsTable.TABLE,
          RunsQuarantineTable.TABLE,
          StudyFactsTable.TABLE,
          InsightsTable.TABLE,
          InsightEvidenceTable.TABLE,
          TechniquesTable.TABLE,
          PapersTable.TABLE,
          HypothesesTable.TABLE,
          PlansTable.TABLE,
          PlanForecastsTable.TABLE,
          ControlEventsTable.TABLE,
          InboxTable.TABLE,
          LlmCallsTable.TABLE,
          TouchesTable.TABLE,
          DiagnosesTable.TABLE,
          TickRunsTable.TABLE);

  private Tables() {}
}
