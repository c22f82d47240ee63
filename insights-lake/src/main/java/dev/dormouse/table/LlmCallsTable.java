package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

/** {@code llm_calls}: every call of a language model. */
public final class LlmCallsTable {
  public static final Table TABLE =
      Table.named(
              "llm_calls",
              Table.Writer.SPARK,
              "Every call of a language model: nothing is asked twice")
          .required("request_hash", STRING, "Hash of model, prompt and schema")
          .optional("campaign_id", STRING, "The campaign")
          .required("model", STRING, "The model asked")
          .required("prompt", STRING, "What was asked")
          .optional("reply", STRING, "What it answered")
          .optional("parsed", STRING, "The reply as JSON, if valid")
          .required("status", STRING, "How the call ended")
          .optional("prompt_tokens", LONG, "Tokens of the prompt")
          .optional("reply_tokens", LONG, "Tokens of the reply")
          .optional("cost_usd", DOUBLE, "Cost in dollars")
          .optional("latency_ms", LONG, "Time to the reply, milliseconds")
          .required("called_at", TIMESTAMP, "When, UTC")
          .key("request_hash")
          .check(Check.atLeast("cost_usd", 0))
          .build();

  private LlmCallsTable() {}
}
