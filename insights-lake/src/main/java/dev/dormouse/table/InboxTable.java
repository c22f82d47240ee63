package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

import java.util.List;

/** {@code inbox}: what people asked for; the next tick acts on it. */
public final class InboxTable {
  /** The commands that people may send. */
  public static final List<String> KINDS =
      List.of(
          "approve",
          "approve_smaller",
          "reject",
          "unreadable",
          "pause",
          "resume",
          "halt",
          "budget");

  public static final Table TABLE =
      Table.named(
              "inbox",
              Table.Writer.KERNEL,
              "Commands of people to campaigns, append-only; the next tick acts on them")
          .required("message_id", STRING, "Unique id of the message")
          .required("campaign_id", STRING, "The campaign")
          .required("kind", STRING, "What is asked")
          .required("sent_by", STRING, "Who asked")
          .required("sent_at", TIMESTAMP, "When, UTC")
          .required("channel", STRING, "How: cli, airflow, mlflow")
          .required("payload", STRING, "Details as JSON, e.g. plan hash and cap of an approval")
          .key("message_id")
          .check(Check.oneOf("kind", KINDS))
          .build();

  private InboxTable() {}
}
