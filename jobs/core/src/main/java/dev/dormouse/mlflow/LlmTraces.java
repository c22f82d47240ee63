package dev.dormouse.mlflow;

import dev.dormouse.io.TableStore;
import dev.dormouse.model.Digests;
import dev.dormouse.runbook.Redaction;
import dev.dormouse.table.Json;
import dev.dormouse.table.LlmCallsTable;
import dev.dormouse.table.TableRow;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The calls of language models as OpenTelemetry traces of a tracking server, each linked to the run
 * of the campaign that paid for it. A call's trace has the same id whenever it is sent, so that it
 * is never there twice.
 */
public final class LlmTraces {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BATCH = 100;

  /** The file beside the table that names the calls that were published. */
  private static final String PUBLISHED = "traced";

  private static final int TRACE_DIGITS = 32;
  private static final int SPAN_DIGITS = 16;
  private static final int CLIENT_SPAN = 3;
  private static final int STATUS_OK = 1;
  private static final int STATUS_ERROR = 2;

  private final URI server;
  private final TableStore lake;
  private final MlflowReader reader;
  // HTTP/1.1: an offer to upgrade makes MLflow's server drop the bodies of requests.
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /** Traces of this lake's calls on this server. */
  public LlmTraces(URI trackingUri, TableStore lake) {
    this.server = URI.create(trackingUri.toString().replaceAll("/+$", ""));
    this.lake = lake;
    this.reader = new MlflowReader(trackingUri);
  }

  /**
   * Publishes the calls that are not published yet; not those whose campaign itself is not, and
   * none if the server does not answer: they are published later.
   *
   * @return how many calls were published
   */
  public int publish() {
    Set<String> done = published();
    Map<String, List<TableRow>> calls =
        lake.read(LlmCallsTable.TABLE).rows().stream()
            .filter(call -> !done.contains(key(call)))
            .collect(
                Collectors.groupingBy(
                    call -> call.text("campaign_id"), TreeMap::new, Collectors.toList()));
    int count = 0;
    for (Map.Entry<String, List<TableRow>> campaign : calls.entrySet()) {
      Optional<MlflowReader.Place> place = place(campaign.getKey());
      count += place.isEmpty() ? 0 : publish(place.get(), campaign.getValue(), done);
    }
    return count;
  }

  private Optional<MlflowReader.Place> place(String campaignId) {
    try {
      return reader.placeOfCampaign(campaignId);
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  private int publish(MlflowReader.Place place, List<TableRow> calls, Set<String> done) {
    int count = 0;
    for (int start = 0; start < calls.size(); start += BATCH) {
      List<TableRow> batch = calls.subList(start, Math.min(calls.size(), start + BATCH));
      if (!sent(place, otlp(batch))) {
        return count;
      }
      batch.forEach(call -> done.add(key(call)));
      lake.cache(
          LlmCallsTable.TABLE, PUBLISHED, String.join("\n", done).getBytes(StandardCharsets.UTF_8));
      count += batch.size();
    }
    return count;
  }

  private Set<String> published() {
    return lake.cached(LlmCallsTable.TABLE, PUBLISHED)
        .map(
            bytes ->
                new LinkedHashSet<>(new String(bytes, StandardCharsets.UTF_8).lines().toList()))
        .orElseGet(LinkedHashSet::new);
  }

  private static String key(TableRow call) {
    return Digests.sha256(call.text("model") + ' ' + call.text("request_hash"))
        .substring(0, TRACE_DIGITS);
  }

  private boolean sent(MlflowReader.Place place, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + "/v1/traces"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("x-mlflow-experiment-id", place.experimentId())
            .header("x-mlflow-run-id", place.runId())
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() < 300;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Calls in OpenTelemetry's words, by its conventions for generative models. */
  static String otlp(List<TableRow> calls) {
    return Json.write(
        Map.of(
            "resourceSpans",
            List.of(
                Map.of(
                    "resource",
                    Map.of("attributes", List.of(text("service.name", "dormouse"))),
                    "scopeSpans",
                    List.of(
                        Map.of(
                            "scope",
                            Map.of("name", "dormouse.llm"),
                            "spans",
                            calls.stream().map(LlmTraces::span).toList()))))));
  }

  private static Map<String, Object> span(TableRow call) {
    Instant end = call.instant("called_at");
    Instant start = end.minusMillis(call.number("latency_ms"));
    List<Map<String, Object>> attributes = new ArrayList<>();
    attributes.add(text("gen_ai.operation.name", "chat"));
    attributes.add(text("gen_ai.request.model", call.text("model")));
    attributes.add(number("gen_ai.usage.input_tokens", call.number("prompt_tokens")));
    attributes.add(number("gen_ai.usage.output_tokens", call.number("reply_tokens")));
    attributes.add(
        text(
            "gen_ai.input.messages",
            Json.write(
                List.of(
                    message("system", call.text("system")),
                    message("user", call.text("prompt"))))));
    attributes.add(
        text(
            "gen_ai.output.messages",
            Json.write(List.of(message("assistant", call.optionalText("reply").orElse(""))))));
    attributes.add(text("dormouse.campaign", call.text("campaign_id")));
    attributes.add(text("dormouse.purpose", call.text("purpose")));
    attributes.add(text("dormouse.status", call.text("status")));
    attributes.add(
        Map.of(
            "key", "dormouse.cost_usd", "value", Map.of("doubleValue", call.fraction("cost_usd"))));
    return Map.of(
        "traceId", key(call),
        "spanId", Digests.sha256(key(call)).substring(0, SPAN_DIGITS),
        "name", "llm " + call.text("purpose"),
        "kind", CLIENT_SPAN,
        "startTimeUnixNano", nanos(start),
        "endTimeUnixNano", nanos(end),
        "attributes", attributes,
        "status",
            Map.of(
                "code",
                call.text("status").equals("invalid") ? STATUS_ERROR : STATUS_OK,
                "message",
                call.text("detail")));
  }

  private static Map<String, String> message(String role, String content) {
    return Map.of("role", role, "content", Redaction.of(content));
  }

  private static String nanos(Instant at) {
    return Long.toString(at.getEpochSecond() * 1_000_000_000L + at.getNano());
  }

  private static Map<String, Object> text(String key, String value) {
    return Map.of("key", key, "value", Map.of("stringValue", value));
  }

  /** Whole numbers are texts in OTLP's JSON. */
  private static Map<String, Object> number(String key, long value) {
    return Map.of("key", key, "value", Map.of("intValue", Long.toString(value)));
  }
}
