package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.INT;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

import dev.dormouse.model.RunStatus;
import java.util.Arrays;
import java.util.List;

/** {@code diagnoses}: failures, causes and remedies. */
public final class DiagnosesTable {
  public static final Table TABLE =
      Table.named("diagnoses", Table.Writer.KERNEL, "Failures with their cause and what was done")
          .required("campaign_id", STRING, "The campaign")
          .required("seq", LONG, "The control event that records it")
          .required("trial_id", STRING, "The trial")
          .required("attempt", INT, "Its attempt, from 1")
          .required("run_id", STRING, "The run")
          .required("status", STRING, "How the run ended")
          .required("cause", STRING, "What went wrong")
          .required("rule", STRING, "Rule of the runbook that recognised it")
          .required("action", STRING, "What was done: retry, amend, give_up")
          .required("detail", STRING, "Details for people")
          .required("diagnosed_at", TIMESTAMP, "When, UTC")
          .key("campaign_id", "seq")
          .check(
              Check.oneOf("status", Arrays.stream(RunStatus.values()).map(RunStatus::id).toList()))
          .check(Check.oneOf("action", List.of("retry", "amend", "give_up")))
          .build();

  private DiagnosesTable() {}
}
