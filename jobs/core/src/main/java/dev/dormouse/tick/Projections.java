package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Touch;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.DiagnosesTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.TickRunsTable;
import dev.dormouse.table.TouchesTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Projects committed events into the tables that people and the miner read: runs with their curves,
 * diagnoses, touches. Each table records, as a Delta transaction id, up to which commit of the log
 * it holds them, so that each event is projected exactly once, in one commit per table.
 */
final class Projections {
  private static final String APP_ID = "dormouse-projection";

  private record Projection(Table table, Function<Context, List<TableRow>> rowsOf) {}

  private static final List<Projection> PROJECTIONS =
      List.of(
          new Projection(RunsTable.TABLE, Projections::runRows),
          new Projection(RunMetricsTable.TABLE, Projections::curveRows),
          new Projection(DiagnosesTable.TABLE, Projections::diagnosisRows),
          new Projection(TouchesTable.TABLE, Projections::touchRows));

  private Projections() {}

  /** An event with the state of its campaign, which holds the event's trial. */
  private record Context(LoggedEvent logged, CampaignState state) {}

  /** Cached file with the commit up to which every table holds its events. */
  private static final String PROJECTED = "projected";

  /**
   * Projects the events that are in the log but not yet in the tables.
   *
   * @param mark whether tables without new rows are marked as well, so that these events need not
   *     be read again for them
   */
  static void catchUp(TableStore store, CampaignLog log, boolean mark) {
    byte[] version = Long.toString(log.version()).getBytes(StandardCharsets.UTF_8);
    if (!mark
        && Arrays.equals(store.cached(ControlEventsTable.TABLE, PROJECTED).orElse(null), version)) {
      return;
    }
    Map<String, CampaignState> states = log.states();
    PROJECTIONS.forEach(
        projection ->
            store.appendOnce(
                projection.table(),
                APP_ID,
                log.version(),
                done -> {
                  List<TableRow> rows =
                      log.eventsAfter(done).stream()
                          .map(event -> new Context(event, states.get(event.campaignId())))
                          .flatMap(context -> projection.rowsOf().apply(context).stream())
                          .toList();
                  return rows.isEmpty() && !mark ? Optional.empty() : Optional.of(rows);
                }));
    store.cache(ControlEventsTable.TABLE, PROJECTED, version);
  }

  private static List<TableRow> runRows(Context context) {
    if (!(context.logged().event() instanceof CampaignEvent.Settled settled)) {
      return List.of();
    }
    CampaignSpec spec = context.state().spec().orElseThrow();
    TrialKey key = new TrialKey(context.state().campaignId(), settled.trialId(), settled.attempt());
    Attempt attempt = context.state().attempts().get(key);
    RunOutcome outcome = settled.outcome();
    Run run =
        RunBuilder.builder()
            .runId(key.runId())
            .study(spec.study())
            .family(spec.study().dataset())
            .arm(attempt.trial().arm())
            .seed(OptionalLong.of(attempt.trial().seed()))
            .status(outcome.status())
            .metrics(outcome.metrics())
            .costGpuHours(OptionalDouble.of(GpuHours.hours(outcome.costMicros())))
            .costSource(CostOrigin.MEASURED)
            .sweep(Optional.of(key.campaignId()))
            .startedAt(Optional.of(outcome.startedAt()))
            .finishedAt(Optional.of(outcome.finishedAt()))
            .source("dormouse")
            .provenance(attempt.externalId().orElse(key.runId()))
            .campaignId(Optional.of(key.campaignId()))
            .trialId(Optional.of(key.trialId()))
            .attempt(key.attempt())
            .build();
    return List.of(RunsTable.encode(run));
  }

  private static List<TableRow> curveRows(Context context) {
    if (!(context.logged().event() instanceof CampaignEvent.Settled settled)) {
      return List.of();
    }
    String runId =
        new TrialKey(context.state().campaignId(), settled.trialId(), settled.attempt()).runId();
    return settled.outcome().curve().stream()
        .map(point -> RunMetricsTable.encode(runId, point))
        .toList();
  }

  private static List<TableRow> diagnosisRows(Context context) {
    if (!(context.logged().event() instanceof CampaignEvent.Diagnosed diagnosed)) {
      return List.of();
    }
    TrialKey key =
        new TrialKey(context.state().campaignId(), diagnosed.trialId(), diagnosed.attempt());
    RunOutcome outcome = context.state().attempts().get(key).outcome().orElseThrow();
    return List.of(
        TableRow.of(DiagnosesTable.TABLE)
            .set("campaign_id", key.campaignId())
            .set("seq", context.logged().seq())
            .set("trial_id", key.trialId())
            .set("attempt", key.attempt())
            .set("run_id", key.runId())
            .set("status", outcome.status().id())
            .set("cause", diagnosed.cause())
            .set("rule", diagnosed.rule())
            .set("action", diagnosed.action())
            .set("detail", diagnosed.detail())
            .set("diagnosed_at", context.logged().at())
            .build());
  }

  private static List<TableRow> touchRows(Context context) {
    return context.state().touches().stream()
        .filter(touch -> touch.seq() == context.logged().seq())
        .map(touch -> touchRow(context.state().campaignId(), touch))
        .toList();
  }

  private static TableRow touchRow(String campaignId, Touch touch) {
    return TableRow.of(TouchesTable.TABLE)
        .set("campaign_id", campaignId)
        .set("seq", touch.seq())
        .set("kind", touch.kind())
        .set("touched_by", touch.by())
        .set("touched_at", touch.at())
        .set("channel", touch.channel())
        .set("detail", touch.detail())
        .build();
  }

  /** Records a tick that changed something. */
  static void recordTick(
      TableStore store,
      TickSummary summary,
      int campaigns,
      int observations,
      Instant startedAt,
      Instant endedAt) {
    store.append(
        TickRunsTable.TABLE,
        List.of(
            TableRow.of(TickRunsTable.TABLE)
                .set("tick_id", summary.tickId())
                .set("started_at", startedAt)
                .set("wall_ms", Math.max(0, Duration.between(startedAt, endedAt).toMillis()))
                .set("campaigns", campaigns)
                .set("observations", observations)
                .set("events", summary.events())
                .set("launches", summary.launched())
                .set("failures", summary.failures())
                .build()));
  }
}
