package dev.dormouse.mlflow;

import dev.dormouse.io.TableStore;
import dev.dormouse.mlflow.OtlpTraces.Attribute;
import dev.dormouse.model.Digests;
import dev.dormouse.runbook.Redaction;
import dev.dormouse.table.Json;
import dev.dormouse.table.LlmCallsTable;
import dev.dormouse.table.TableRow;
import dev.dormouse.tracking.MlflowException;
import dev.dormouse.tracking.MlflowGateway;
import dev.dormouse.tracking.MlflowRun;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Publishes the calls of language models as OpenTelemetry traces to a tracking server, each linked
 * to the run of the campaign that paid for it. A call's trace has the same id whenever it is sent,
 * so that the server never shows it twice.
 */
public final class LlmTraces {
  private static final int BATCH = 100;

  /** The file beside the table that names the calls that were published. */
  private static final String PUBLISHED = "traced";

  private static final int TRACE_DIGITS = 32;
  private static final int SPAN_DIGITS = 16;
  private static final int CLIENT_SPAN = 3;
  private static final int STATUS_OK = 1;
  private static final int STATUS_ERROR = 2;

  private final TableStore lake;
  private final MlflowGateway gateway;
  private final MlflowReader reader;

  /** Traces of this lake's calls on this server. */
  public LlmTraces(URI trackingUri, TableStore lake) {
    this.lake = lake;
    this.gateway = new MlflowGateway(trackingUri, MlflowGateway.REPLY_LIMIT);
    this.reader = new MlflowReader(gateway);
  }

  /**
   * Publishes the calls that are not published yet, except those of campaigns that are not
   * published themselves. If the server fails, the rest is left for the next time.
   *
   * @return how many calls were published
   */
  public int publish() {
    Set<String> published = published();
    Map<String, List<TableRow>> calls =
        lake.read(LlmCallsTable.TABLE).rows().stream()
            .filter(call -> !published.contains(key(call)))
            .collect(
                Collectors.groupingBy(
                    call -> call.text("campaign_id"), TreeMap::new, Collectors.toList()));
    int before = published.size();
    for (Map.Entry<String, List<TableRow>> campaign : calls.entrySet()) {
      try {
        reader
            .runOfCampaign(campaign.getKey())
            .ifPresent(run -> publish(run, campaign.getValue(), published));
      } catch (MlflowException.Unreachable e) {
        break;
      } catch (MlflowException e) {
        // Other campaigns may still be published.
      }
    }
    return published.size() - before;
  }

  private void publish(MlflowRun run, List<TableRow> calls, Set<String> published) {
    for (int start = 0; start < calls.size(); start += BATCH) {
      List<TableRow> batch = calls.subList(start, Math.min(calls.size(), start + BATCH));
      gateway.sendTraces(run, otlp(batch));
      batch.forEach(call -> published.add(key(call)));
      lake.cache(
          LlmCallsTable.TABLE,
          PUBLISHED,
          String.join("\n", published).getBytes(StandardCharsets.UTF_8));
    }
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

  /** Returns calls as spans, by OpenTelemetry's conventions for generative models. */
  static OtlpTraces otlp(List<TableRow> calls) {
    return OtlpTraces.of("dormouse", "dormouse.llm", calls.stream().map(LlmTraces::span).toList());
  }

  private static OtlpTraces.Span span(TableRow call) {
    Instant end = call.instant("called_at");
    Instant start = end.minusMillis(call.number("latency_ms"));
    List<Message> input =
        List.of(Message.of("system", call.text("system")), Message.of("user", call.text("prompt")));
    List<Message> output = List.of(Message.of("assistant", call.optionalText("reply").orElse("")));
    return new OtlpTraces.Span(
        key(call),
        Digests.sha256(key(call)).substring(0, SPAN_DIGITS),
        "llm " + call.text("purpose"),
        CLIENT_SPAN,
        nanos(start),
        nanos(end),
        List.of(
            Attribute.text("gen_ai.operation.name", "chat"),
            Attribute.text("gen_ai.request.model", call.text("model")),
            Attribute.whole("gen_ai.usage.input_tokens", call.number("prompt_tokens")),
            Attribute.whole("gen_ai.usage.output_tokens", call.number("reply_tokens")),
            Attribute.text("gen_ai.input.messages", Json.write(input)),
            Attribute.text("gen_ai.output.messages", Json.write(output)),
            Attribute.text("dormouse.campaign", call.text("campaign_id")),
            Attribute.text("dormouse.purpose", call.text("purpose")),
            Attribute.text("dormouse.status", call.text("status")),
            Attribute.fraction("dormouse.cost_usd", call.fraction("cost_usd"))),
        new OtlpTraces.Status(
            call.text("status").equals("invalid") ? STATUS_ERROR : STATUS_OK, call.text("detail")));
  }

  /** A message of a chat, without secrets. */
  private record Message(String content, String role) {
    static Message of(String role, String content) {
      return new Message(Redaction.of(content), role);
    }
  }

  private static String nanos(Instant at) {
    return Long.toString(at.getEpochSecond() * 1_000_000_000L + at.getNano());
  }
}
