package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Touch;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Run;
import dev.dormouse.table.DiagnosesTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.TickRunsTable;
import dev.dormouse.table.TouchesTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What people and the miner read of committed events: runs with their curves, diagnoses, touches.
 * Each table remembers, by a Delta transaction id, how many events of the log it holds, so that
 * each event is projected exactly once.
 */
final class Projections {
  private static final String APP_ID = "dormouse-projection";

  private Projections() {}

  /** Projects the events that are in the log but not in the tables yet. */
  static void catchUp(KernelLake lake, CampaignLog log) {
    project(lake, log, RunsTable.TABLE, Projections::runRows);
    project(lake, log, RunMetricsTable.TABLE, Projections::curveRows);
    project(lake, log, DiagnosesTable.TABLE, Projections::diagnosisRows);
    project(lake, log, TouchesTable.TABLE, Projections::touchRows);
  }

  /** An event with the state of its campaign, which knows the trial that it speaks of. */
  private record Context(LoggedEvent logged, CampaignState state) {}

  /**
   * One commit an event: of two ticks that catch up at the same time each event is written by
   * exactly one, which a commit of several events could not promise.
   */
  private static void project(
      KernelLake lake, CampaignLog log, Table table, Function<Context, List<TableRow>> rowsOf) {
    for (Map.Entry<String, CampaignState> campaign : log.states().entrySet()) {
      SortedMap<Long, List<TableRow>> rowsBySeq = new TreeMap<>();
      for (LoggedEvent logged : log.events(campaign.getKey())) {
        List<TableRow> rows = rowsOf.apply(new Context(logged, campaign.getValue()));
        if (!rows.isEmpty()) {
          rowsBySeq.put(logged.seq(), rows);
        }
      }
      if (!rowsBySeq.isEmpty()) {
        String appId = APP_ID + "/" + campaign.getKey();
        long done = lake.lastAppVersion(table, appId);
        rowsBySeq
            .tailMap(done + 1)
            .forEach((seq, rows) -> lake.appendOnce(table, appId, seq, rows));
      }
    }
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
        new Run(
            key.runId(),
            spec.study(),
            spec.study().dataset(),
            attempt.trial().arm(),
            OptionalLong.of(attempt.trial().seed()),
            outcome.status(),
            outcome.metrics(),
            OptionalDouble.of(GpuHours.hours(outcome.costMicros())),
            "measured",
            Optional.of(key.campaignId()),
            OptionalLong.empty(),
            Optional.of(outcome.startedAt()),
            Optional.of(outcome.finishedAt()),
            "dormouse",
            attempt.externalId().orElse(key.runId()),
            Optional.of(key.campaignId()),
            Optional.of(key.trialId()),
            key.attempt());
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
    for (Touch touch : context.state().touches()) {
      if (touch.seq() == context.logged().seq()) {
        return List.of(
            TableRow.of(TouchesTable.TABLE)
                .set("campaign_id", context.state().campaignId())
                .set("seq", touch.seq())
                .set("kind", touch.kind())
                .set("touched_by", touch.by())
                .set("touched_at", touch.at())
                .set("channel", touch.channel())
                .set("detail", touch.detail())
                .build());
      }
    }
    return List.of();
  }

  /** Records a tick that changed something. */
  static void recordTick(
      KernelLake lake,
      TickSummary summary,
      int campaigns,
      int observations,
      Instant startedAt,
      Instant endedAt) {
    lake.append(
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
