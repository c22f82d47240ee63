package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.table.Json;
import dev.dormouse.table.LlmCallsTable;
import dev.dormouse.table.TableRow;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LlmTracesTest {
  private static TableRow call(String hash, String prompt, String status) {
    return call("c", hash, prompt, status);
  }

  static TableRow call(String campaignId, String hash, String prompt, String status) {
    return TableRow.of(LlmCallsTable.TABLE)
        .set("request_hash", hash)
        .set("model", "m")
        .set("campaign_id", campaignId)
        .set("purpose", "propose")
        .set("system", "be brief")
        .set("prompt", prompt)
        .set("schema", "")
        .set("reply", "{}")
        .set("status", status)
        .set("detail", "")
        .set("prompt_tokens", 12L)
        .set("reply_tokens", 3L)
        .set("cost_usd", 0.5)
        .set("latency_ms", 250L)
        .set("called_at", Instant.parse("2026-03-01T00:00:01Z"))
        .build();
  }

  private static JsonNode spans(TableRow... calls) throws IOException {
    return Json.mapper()
        .readTree(Json.write(LlmTraces.otlp(List.of(calls))))
        .at("/resourceSpans/0/scopeSpans/0/spans");
  }

  private static JsonNode attribute(JsonNode span, String key) {
    for (JsonNode attribute : span.path("attributes")) {
      if (attribute.path("key").asText().equals(key)) {
        return attribute.path("value");
      }
    }
    throw new AssertionError("no attribute " + key);
  }

  @Test
  void aCallIsASpanWithItsTokensAndTimes() throws IOException {
    JsonNode span = spans(call("a", "hello", "ok")).path(0);
    assertThat(attribute(span, "gen_ai.usage.input_tokens").path("intValue").asText())
        .isEqualTo("12");
    assertThat(attribute(span, "gen_ai.usage.output_tokens").path("intValue").asText())
        .isEqualTo("3");
    assertThat(attribute(span, "gen_ai.input.messages").path("stringValue").asText())
        .contains("hello", "be brief");
    assertThat(span.path("endTimeUnixNano").asLong() - span.path("startTimeUnixNano").asLong())
        .isEqualTo(250_000_000);
    assertThat(span.at("/status/code").asInt()).isEqualTo(1);
    assertThat(spans(call("a", "hello", "invalid")).path(0).at("/status/code").asInt())
        .isEqualTo(2);
  }

  @Test
  void aCallHasOneTraceHoweverOftenItIsSent() throws IOException {
    JsonNode spans = spans(call("a", "x", "ok"), call("a", "x", "ok"), call("b", "x", "ok"));
    assertThat(spans.path(0).path("traceId").asText())
        .hasSize(32)
        .isEqualTo(spans.path(1).path("traceId").asText())
        .isNotEqualTo(spans.path(2).path("traceId").asText());
  }

  @Test
  void secretsInPromptsStayHere() throws IOException {
    assertThat(spans(call("a", "log: password=hunter2", "ok")).toString())
        .doesNotContain("hunter2");
  }
}
