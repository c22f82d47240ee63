package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

/** {@code control_events}: the log of all campaigns, append-only and hash-chained. */
public final class ControlEventsTable {
  /** The column with the commit that wrote an event. */
  public static final String COMMIT = "commit_version";

  public static final Table TABLE =
      Table.named(
              "control_events",
              Table.Writer.KERNEL,
              "The one truth about campaigns: append-only, hash-chained")
          .required("campaign_id", STRING, "The campaign")
          .required("seq", LONG, "Number of the event within its campaign, from 1 without gaps")
          .required(COMMIT, LONG, "Version of this table whose commit holds the event")
          .required("kind", STRING, "What happened, e.g. created, intent, settled")
          .required("at", TIMESTAMP, "When the tick that wrote it ran, UTC")
          .required("tick_id", STRING, "The tick or command that wrote it")
          .required("payload", STRING, "The event's content as JSON")
          .required(
              "prev_hash", STRING, "Hash of the campaign's previous event; empty for the first")
          .required(
              "hash",
              STRING,
              "SHA-256 over prev_hash, campaign, seq, commit, kind, at, tick and payload")
          .key("campaign_id", "seq")
          .check(Check.atLeast("seq", 1))
          .check(Check.atLeast(COMMIT, 1))
          .build();

  private ControlEventsTable() {}
}
