package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanText;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Productivity;
import dev.dormouse.summary.RunTable;
import dev.dormouse.table.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Builds what MLflow shows of a campaign as a whole. Pure. */
final class CampaignItems {
  /** The tag that MLflow renders as the description of a run or experiment. */
  static final String NOTE_TAG = "mlflow.note.content";

  /** The tag that lists of runs show as the source of a run. */
  static final String SOURCE_TAG = "mlflow.source.name";

  private CampaignItems() {}

  /** Returns the tags of the experiment: goal, primary metric, and how to read the page. */
  static ExperimentItem experiment(CampaignState state, CampaignSpec spec) {
    boolean higher = spec.objective().direction() == Objective.Direction.MAXIMIZE;
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put(NOTE_TAG, CampaignNotes.experiment(state, spec));
    tags.put("mlflow.experiment.primaryMetric.name", spec.objective().metric());
    tags.put("mlflow.experiment.primaryMetric.greaterIsBetter", higher ? "True" : "False");
    // Without it the page guesses between traces and trainings.
    tags.put("mlflow.experimentKind", "custom_model_development");
    tags.put("dormouse.campaign", state.campaignId());
    tags.put("dormouse.goal", CampaignSummary.goal(spec));
    return ExperimentItem.of("experiment:" + state.campaignId(), tags);
  }

  /** Returns the run of the campaign itself. */
  static RunItem campaign(CampaignState state, CampaignSpec spec, List<Attempt> settled) {
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put(NOTE_TAG, CampaignNotes.campaign(state, spec));
    tags.put(SOURCE_TAG, "campaign");
    tags.put("dormouse.goal", CampaignSummary.goal(spec));
    tags.put("dormouse.status", state.status().id());
    tags.put("dormouse.trouble", state.hindrance().isEmpty() ? "none" : state.hindrance());
    state
        .verdict()
        .ifPresent(
            verdict -> {
              tags.put("dormouse.verdict", verdict.kind().text());
              tags.put("dormouse.verdict.explanation", verdict.explanation());
              verdict.winner().ifPresent(w -> tags.put("dormouse.winner", w.configId()));
            });
    Productivity productivity = Productivity.of(state);
    tags.put("dormouse.touches", String.valueOf(productivity.touches()));
    tags.put("dormouse.failures", String.valueOf(productivity.failures()));
    tags.put("dormouse.failures.resolved_alone", String.valueOf(productivity.resolvedAlone()));
    Instant at = lastChange(state);
    List<RunItem.Point> metrics = new ArrayList<>(productivity(productivity, settled.size(), at));
    state
        .verdict()
        .ifPresent(
            verdict -> {
              verdict.validation().ifPresent(c -> gain(metrics, "confirmed/gain", c, at));
              verdict.test().ifPresent(c -> gain(metrics, "confirmed/test_gain", c, at));
            });
    SortedMap<String, String> params = new TreeMap<>();
    spec.baseline().asMap().forEach((name, value) -> params.put("baseline." + name, value));
    return RunItemBuilder.builder()
        .key(OutboxItems.campaignKey(state))
        .runKey(OutboxItems.campaignKey(state))
        .parentKey(Optional.empty())
        .name("campaign " + state.campaignId())
        .status(status(state))
        .startedAt(firstChange(state))
        .endedAt(state.isOver() ? Optional.of(at) : Optional.empty())
        .dataSet(Optional.of(DataSetInput.of(spec.study())))
        .params(params)
        .tags(tags)
        .metrics(metrics)
        .files(List.of())
        .build()
        .versioned();
  }

  /** Returns the plan as files of the run of the campaign, whose description shows it too. */
  static RunItem plan(RunItem campaign, CampaignSpec spec, Plan plan, String planHash) {
    return campaign.addition(
        "plan:" + planHash,
        new TreeMap<>(Map.of("dormouse.plan", planHash)),
        List.of(),
        List.of(
            Artifact.text("plan/plan.md", PlanText.markdown(plan, planHash)),
            Artifact.text("plan/plan.json", Json.write(plan)),
            Artifact.text("plan/campaign.json", Json.write(spec)),
            Artifact.text("evidence/hypotheses.json", Json.write(plan.hypotheses())),
            new Artifact("evidence/insights.json", Artifact.From.INSIGHTS, planHash)));
  }

  /** Returns the report of a campaign that is over, with the results that it is made from. */
  static RunItem report(RunItem campaign, CampaignState state) {
    return campaign.addition(
        "report:" + state.campaignId() + ":" + state.status().id() + ":" + settledRuns(state),
        new TreeMap<>(),
        List.of(),
        List.of(
            new Artifact("report/report.html", Artifact.From.REPORT, state.campaignId()),
            Artifact.text("evidence/summary.json", Json.write(CampaignSummary.of(state))),
            Artifact.text("evidence/runs.csv", RunTable.csv(state))));
  }

  private static long settledRuns(CampaignState state) {
    return state.attempts().values().stream().filter(a -> a.outcome().isPresent()).count();
  }

  /** Returns the confirmed winner as a model; empty if the verdict has no winner. */
  static Optional<ModelItem> winner(
      RunItem campaign, CampaignState state, CampaignSpec spec, Verdict verdict) {
    return verdict
        .winner()
        .map(
            arm -> {
              Instant at = lastChange(state);
              List<RunItem.Point> metrics = new ArrayList<>();
              verdict
                  .validation()
                  .ifPresent(
                      c -> {
                        metrics.add(
                            new RunItem.Point(spec.objective().metric(), 0, c.winnerMean(), at));
                        gain(metrics, "confirmed/gain", c, at);
                      });
              verdict.test().ifPresent(c -> gain(metrics, "confirmed/test_gain", c, at));
              SortedMap<String, String> tags = new TreeMap<>();
              tags.put("dormouse.config_id", arm.configId());
              tags.put("dormouse.changes", CampaignResults.what(spec, arm));
              tags.put(NOTE_TAG, verdict.explanation());
              return new ModelItem(
                  "model:" + state.campaignId() + ":" + arm.configId(),
                  campaign.runKey(),
                  "winner-" + arm.configId(),
                  arm.asMap(),
                  tags,
                  metrics);
            });
  }

  private static List<RunItem.Point> productivity(Productivity figures, long step, Instant at) {
    List<RunItem.Point> points = new ArrayList<>();
    points.add(new RunItem.Point("productivity/touches", step, figures.touches(), at));
    points.add(
        new RunItem.Point("productivity/attended_minutes", step, figures.attendedMinutes(), at));
    figures
        .shareResolvedAlone()
        .ifPresent(
            share ->
                points.add(
                    new RunItem.Point(
                        "productivity/share_of_failures_resolved_alone", step, share, at)));
    figures
        .touchesPerConfirmedGain()
        .ifPresent(
            touches ->
                points.add(new RunItem.Point("productivity/touches_per_gain", step, touches, at)));
    return points;
  }

  private static void gain(
      List<RunItem.Point> metrics, String name, Comparison comparison, Instant at) {
    metrics.add(new RunItem.Point(name, 0, comparison.gain(), at));
    metrics.add(new RunItem.Point(name + "_low", 0, comparison.gainLow(), at));
    metrics.add(new RunItem.Point(name + "_high", 0, comparison.gainHigh(), at));
    metrics.add(new RunItem.Point(name + "_p_value", 0, comparison.pValue(), at));
    metrics.removeIf(point -> !Double.isFinite(point.value()));
  }

  private static RunItem.Status status(CampaignState state) {
    if (state.status() == Status.FINISHED) {
      return RunItem.Status.FINISHED;
    }
    if (state.status() == Status.HALTED) {
      return RunItem.Status.KILLED;
    }
    return state.status() == Status.QUARANTINED ? RunItem.Status.FAILED : RunItem.Status.RUNNING;
  }

  private static Instant firstChange(CampaignState state) {
    return changes(state).min(Instant::compareTo).orElse(Instant.EPOCH);
  }

  private static Instant lastChange(CampaignState state) {
    return changes(state).max(Instant::compareTo).orElse(Instant.EPOCH);
  }

  private static Stream<Instant> changes(CampaignState state) {
    return Stream.concat(
        state.touches().stream().map(CampaignState.Touch::at),
        state.attempts().values().stream()
            .flatMap(
                a ->
                    Stream.concat(
                        Stream.of(a.intentAt()),
                        a.outcome().map(RunOutcome::finishedAt).stream())));
  }
}
