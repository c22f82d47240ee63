package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignEvent.Diagnosed;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.stats.Samples;
import dev.dormouse.summary.CampaignResults;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Builds the MLflow runs of trainings that have ended. Pure. */
final class TrialItem {
  private static final int NAME_LENGTH = 120;

  private final CampaignState state;
  private final CampaignSpec spec;
  private final Links links;
  private final OptionalDouble baseline;
  private final Map<String, Hypothesis> hypotheses;
  private final Map<TrialKey, Diagnosed> diagnoses;

  /** A builder for the attempts of one campaign. */
  TrialItem(CampaignState state, CampaignSpec spec, Links links) {
    this.state = state;
    this.spec = spec;
    this.links = links;
    double[] control = Results.baselineValues(state, spec);
    this.baseline =
        control.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Samples.mean(control));
    this.hypotheses =
        state.plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .collect(
                Collectors.toMap(
                    Hypothesis::hypothesisId, Function.identity(), (one, same) -> one));
    this.diagnoses =
        state.diagnoses().stream()
            .collect(
                Collectors.toMap(
                    d -> new TrialKey(state.campaignId(), d.trialId(), d.attempt()),
                    Function.identity(),
                    (first, last) -> last));
  }

  RunItem of(Attempt attempt) {
    TrialSpec trial = attempt.trial();
    RunOutcome outcome = attempt.outcome().orElseThrow();
    SortedMap<String, String> params = new TreeMap<>(trial.arm().asMap());
    params.put("seed", String.valueOf(trial.seed()));
    params.put("fidelity", ParamValue.canonical(trial.fidelity()));
    // Its phase has the data set: one more request for each training is a quarter of all requests.
    return RunItemBuilder.builder()
        .key(OutboxItems.trialKey(attempt))
        .runKey(OutboxItems.TRIAL + attempt.key().runId())
        .parentKey(Optional.of(OutboxItems.phaseKey(state, trial.phase())))
        .name(name(attempt))
        .status(status(outcome.status()))
        .startedAt(outcome.startedAt())
        .endedAt(Optional.of(outcome.finishedAt()))
        .dataSet(Optional.empty())
        .params(params)
        .tags(tags(attempt, outcome))
        .metrics(metrics(attempt, outcome))
        .files(
            List.of(
                new Artifact(
                    "logs/train.log",
                    Artifact.From.TRAINING_LOG,
                    attempt.key().trialId() + "/" + attempt.key().attempt())))
        .build();
  }

  /** Puts the changes first, since lists of runs cut long names. */
  private String name(Attempt attempt) {
    String what = CampaignResults.what(spec, attempt.trial().arm());
    String shown = what.length() <= NAME_LENGTH ? what : what.substring(0, NAME_LENGTH) + " ...";
    int number = attempt.key().attempt();
    return shown
        + " (seed "
        + attempt.trial().seed()
        + (number == 1 ? ")" : ", try " + number + ")");
  }

  private static RunItem.Status status(RunStatus status) {
    return switch (status) {
      case OK -> RunItem.Status.FINISHED;
      case ABANDONED, TIMEOUT -> RunItem.Status.KILLED;
      case COLLAPSED, OOM, DIVERGED, INFRA, FAILED, NO_RESULT -> RunItem.Status.FAILED;
    };
  }

  private SortedMap<String, String> tags(Attempt attempt, RunOutcome outcome) {
    TrialSpec trial = attempt.trial();
    String source = trial.source().map(Source::id).orElse("baseline");
    Optional<Hypothesis> hypothesis = trial.hypothesisId().map(hypotheses::get);
    Optional<Diagnosed> diagnosis = Optional.ofNullable(diagnoses.get(attempt.key()));
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("dormouse.trial_id", trial.trialId());
    tags.put("dormouse.phase", trial.phase().id());
    tags.put("dormouse.config_id", trial.arm().configId());
    tags.put("dormouse.source", source);
    tags.put("dormouse.changes", CampaignResults.what(spec, trial.arm()));
    attempt.externalId().ifPresent(id -> tags.put("dormouse.external_id", id));
    links.airflowRun(spec, attempt).ifPresent(url -> tags.put("dormouse.airflow", url));
    trial.amends().ifPresent(amended -> tags.put("dormouse.amends", amended));
    trial.hypothesisId().ifPresent(id -> tags.put("dormouse.hypothesis_id", id));
    hypothesis.ifPresent(h -> tags.put("dormouse.hypothesis", h.claim()));
    if (outcome.status() != RunStatus.OK) {
      tags.put("dormouse.failure", outcome.status().id());
      tags.put("dormouse.failure.detail", outcome.detail());
    }
    diagnosis.ifPresent(d -> tags.put("dormouse.diagnosis", CampaignNotes.diagnosis(d)));
    tags.put(CampaignItems.SOURCE_TAG, source);
    tags.put(
        CampaignItems.NOTE_TAG,
        CampaignNotes.trial(
            spec, attempt, gain(attempt), hypothesis, diagnosis, links.airflowRun(spec, attempt)));
    return tags;
  }

  private OptionalDouble gain(Attempt attempt) {
    OptionalDouble value = Results.value(spec, attempt);
    return value.isPresent() && baseline.isPresent()
        ? OptionalDouble.of(value.getAsDouble() - baseline.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Returns the curve, followed by each final value that the curve does not end with. */
  private List<RunItem.Point> metrics(Attempt attempt, RunOutcome outcome) {
    List<RunItem.Point> points = new ArrayList<>();
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
    attempt
        .trial()
        .predictedGain()
        .ifPresent(gain -> points.add(point(outcome, "predicted_gain", 0, gain)));
    gain(attempt).ifPresent(gain -> points.add(point(outcome, "gain", 0, gain)));
    points.add(point(outcome, "gpu_hours", 0, GpuHours.hours(outcome.costMicros())));
    points.removeIf(point -> !Double.isFinite(point.value()));
    return points;
  }

  private static RunItem.Point point(RunOutcome outcome, String metric, long step, double value) {
    return new RunItem.Point(metric, step, value, outcome.finishedAt());
  }
}
