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
              "Every question that a language model answered: none is asked twice")
          .required("request_hash", STRING, "Hash of instructions, prompt, schema and length")
          .required("model", STRING, "The model asked")
          .required("campaign_id", STRING, "The campaign that paid for it")
          .required("purpose", STRING, "What it was asked for")
          .required("system", STRING, "The instructions that went with it")
          .required("prompt", STRING, "What was asked")
          .required("schema", STRING, "The JSON schema that the reply had to satisfy; may be empty")
          .optional("reply", STRING, "What it answered at last")
          .optional("parsed", STRING, "The reply as JSON, if it satisfies the schema")
          .required("status", STRING, "ok, repaired (at the second try) or invalid")
          .required("detail", STRING, "What was wrong with the reply; empty if nothing was")
          .required("prompt_tokens", LONG, "Tokens of the prompt, and of the request for repair")
          .required("reply_tokens", LONG, "Tokens of the replies")
          .required("cost_usd", DOUBLE, "Cost in dollars")
          .required("latency_ms", LONG, "Time to the replies, milliseconds")
          .required("called_at", TIMESTAMP, "When the batch ended, UTC")
          .key("request_hash", "model")
          .check(Check.atLeast("cost_usd", 0))
          .build();

  private LlmCallsTable() {}
}
