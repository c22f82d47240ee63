package dev.dormouse.publish;

import dev.dormouse.campaign.CampaignEvent.Diagnosed;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What MLflow shows of a training run that has ended. Pure. */
final class TrialItem {
  private TrialItem() {}

  static OutboxItem of(CampaignState state, Attempt attempt) {
    TrialSpec trial = attempt.trial();
    RunOutcome outcome = attempt.outcome().orElseThrow();
    SortedMap<String, String> params = new TreeMap<>(trial.arm().asMap());
    params.put("seed", String.valueOf(trial.seed()));
    params.put("fidelity", ParamValue.canonical(trial.fidelity()));
    return new OutboxItem(
        OutboxItems.trialKey(attempt),
        "trial:" + attempt.key().runId(),
        Optional.of(OutboxItems.phaseKey(state, trial.phase())),
        attempt.key().trialId() + " try " + attempt.key().attempt(),
        status(outcome.status()),
        outcome.startedAt(),
        Optional.of(outcome.finishedAt()),
        params,
        tags(state, attempt, outcome),
        metrics(trial, outcome),
        new TreeMap<>());
  }

  private static OutboxItem.Status status(RunStatus status) {
    return switch (status) {
      case OK -> OutboxItem.Status.FINISHED;
      case ABANDONED, TIMEOUT -> OutboxItem.Status.KILLED;
      case COLLAPSED, OOM, DIVERGED, INFRA, FAILED, NO_RESULT -> OutboxItem.Status.FAILED;
    };
  }

  private static SortedMap<String, String> tags(
      CampaignState state, Attempt attempt, RunOutcome outcome) {
    TrialSpec trial = attempt.trial();
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("dormouse.config_id", trial.arm().configId());
    tags.put("dormouse.source", trial.source().map(Source::id).orElse("baseline"));
    state
        .spec()
        .ifPresent(spec -> tags.put("dormouse.changes", CampaignResults.what(spec, trial.arm())));
    attempt.externalId().ifPresent(id -> tags.put("dormouse.external_id", id));
    trial.amends().ifPresent(amended -> tags.put("dormouse.amends", amended));
    trial.hypothesisId().ifPresent(id -> hypothesis(state, id, tags));
    if (outcome.status() != RunStatus.OK) {
      tags.put("dormouse.failure", outcome.status().id());
      tags.put("dormouse.failure.detail", outcome.detail());
    }
    state.diagnoses().stream()
        .filter(diagnosis -> concerns(diagnosis, attempt))
        .forEach(diagnosis -> tags.put("dormouse.diagnosis", text(diagnosis)));
    return tags;
  }

  private static void hypothesis(
      CampaignState state, String hypothesisId, Map<String, String> tags) {
    tags.put("dormouse.hypothesis_id", hypothesisId);
    state.plan().stream()
        .flatMap(plan -> plan.hypotheses().stream())
        .filter(hypothesis -> hypothesis.hypothesisId().equals(hypothesisId))
        .map(Hypothesis::claim)
        .forEach(claim -> tags.put("dormouse.hypothesis", claim));
  }

  private static boolean concerns(Diagnosed diagnosis, Attempt attempt) {
    return diagnosis.trialId().equals(attempt.key().trialId())
        && diagnosis.attempt() == attempt.key().attempt();
  }

  private static String text(Diagnosed diagnosis) {
    return diagnosis.cause() + " (rule " + diagnosis.rule() + "): " + diagnosis.action();
  }

  /** The curve, and after it each final value that the curve does not end with. */
  private static List<OutboxItem.Point> metrics(TrialSpec trial, RunOutcome outcome) {
    List<OutboxItem.Point> points = new ArrayList<>();
    Map<String, MetricPoint> last = new TreeMap<>();
    for (MetricPoint point : outcome.curve()) {
      last.put(point.metric(), point);
      points.add(point(outcome, point.metric(), point.step(), point.value()));
    }
    outcome
        .metrics()
        .forEach(
            (metric, value) -> {
              MetricPoint end = last.get(metric);
              if (end == null) {
                points.add(point(outcome, metric, 0, value));
              } else if (end.value() != value) {
                points.add(point(outcome, metric, end.step() + 1, value));
              }
            });
    trial.predictedGain().ifPresent(gain -> points.add(point(outcome, "predicted_gain", 0, gain)));
    points.removeIf(point -> !Double.isFinite(point.value()));
    return points;
  }

  private static OutboxItem.Point point(
      RunOutcome outcome, String metric, long step, double value) {
    return new OutboxItem.Point(metric, step, value, outcome.finishedAt());
  }
}
