package dev.dormouse.publish;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What MLflow shows of a campaign as a whole. Pure. */
final class CampaignItems {
  /** Rendered by MLflow as the description of a run or experiment. */
  static final String NOTE_TAG = "mlflow.note.content";

  private CampaignItems() {}

  /** The campaign itself, with one step of its curves for every finished run. */
  static OutboxItem campaign(CampaignState state, CampaignSpec spec, List<Attempt> settled) {
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("dormouse.goal", CampaignSummary.goal(spec));
    tags.put("dormouse.status", state.status().id());
    tags.put("dormouse.trouble", state.hindrance().isEmpty() ? "none" : state.hindrance());
    tags.put("dormouse.touches", String.valueOf(state.touches().size()));
    state
        .verdict()
        .ifPresent(
            verdict -> {
              tags.put("dormouse.verdict", verdict.kind().text());
              tags.put("dormouse.verdict.explanation", verdict.explanation());
              verdict.winner().ifPresent(w -> tags.put("dormouse.winner", w.configId()));
            });
    List<OutboxItem.Point> metrics = new ArrayList<>(progress(spec, settled));
    state
        .verdict()
        .ifPresent(
            verdict -> {
              Instant at = lastChange(state);
              verdict.validation().ifPresent(c -> gain(metrics, "confirmed_gain", c, at));
              verdict.test().ifPresent(c -> gain(metrics, "confirmed_test_gain", c, at));
            });
    SortedMap<String, String> params = new TreeMap<>();
    spec.baseline().asMap().forEach((name, value) -> params.put("baseline." + name, value));
    return new OutboxItem(
            OutboxItems.campaignKey(state),
            OutboxItems.campaignKey(state),
            Optional.empty(),
            "campaign " + state.campaignId(),
            status(state),
            firstChange(state),
            state.isOver() ? Optional.of(lastChange(state)) : Optional.empty(),
            params,
            tags,
            metrics,
            new TreeMap<>())
        .versioned();
  }

  /** The plan, as description and file of the campaign's run. */
  static OutboxItem plan(CampaignState state, Plan plan) {
    String markdown = PlanText.markdown(plan);
    return new OutboxItem(
        "plan:" + plan.hash(),
        OutboxItems.campaignKey(state),
        Optional.empty(),
        "campaign " + state.campaignId(),
        status(state),
        firstChange(state),
        state.isOver() ? Optional.of(lastChange(state)) : Optional.empty(),
        new TreeMap<>(),
        new TreeMap<>(Map.of("dormouse.plan", plan.hash(), NOTE_TAG, markdown)),
        List.of(),
        new TreeMap<>(Map.of("plan/plan.md", markdown)));
  }

  /** One step for every finished run; the best is of the search phases. */
  private static List<OutboxItem.Point> progress(CampaignSpec spec, List<Attempt> settled) {
    List<OutboxItem.Point> points = new ArrayList<>();
    DoubleSummaryStatistics baseline = new DoubleSummaryStatistics();
    Map<Arm, DoubleSummaryStatistics> arms = new HashMap<>();
    long spent = 0;
    Instant at = Instant.EPOCH;
    for (int step = 1; step <= settled.size(); step++) {
      Attempt attempt = settled.get(step - 1);
      RunOutcome outcome = attempt.outcome().orElseThrow();
      spent += outcome.costMicros();
      at = OutboxItems.later(at, outcome.finishedAt());
      points.add(new OutboxItem.Point("trials_done", step, step, at));
      points.add(new OutboxItem.Point("gpu_hours_spent", step, GpuHours.hours(spent), at));
      OptionalDouble value = Results.value(spec, attempt);
      if (value.isPresent() && attempt.trial().phase() == Phase.BASELINE) {
        baseline.accept(value.getAsDouble());
      } else if (value.isPresent() && CampaignResults.isSearch(spec, attempt)) {
        arms.computeIfAbsent(attempt.trial().arm(), any -> new DoubleSummaryStatistics())
            .accept(value.getAsDouble());
      }
      OptionalDouble best =
          arms.values().stream().mapToDouble(DoubleSummaryStatistics::getAverage).max();
      if (best.isPresent() && baseline.getCount() > 0) {
        double asWritten = spec.objective().gain(best.getAsDouble(), 0);
        double lift = best.getAsDouble() - baseline.getAverage();
        points.add(new OutboxItem.Point("best", step, asWritten, at));
        points.add(new OutboxItem.Point("lift_over_baseline", step, lift, at));
      }
    }
    return points;
  }

  private static void gain(
      List<OutboxItem.Point> metrics, String name, Comparison comparison, Instant at) {
    metrics.add(new OutboxItem.Point(name, 0, comparison.gain(), at));
    metrics.add(new OutboxItem.Point(name + "_low", 0, comparison.gainLow(), at));
    metrics.add(new OutboxItem.Point(name + "_high", 0, comparison.gainHigh(), at));
    metrics.add(new OutboxItem.Point(name + "_p_value", 0, comparison.pValue(), at));
  }

  private static OutboxItem.Status status(CampaignState state) {
    if (state.status() == Status.FINISHED) {
      return OutboxItem.Status.FINISHED;
    }
    if (state.status() == Status.HALTED) {
      return OutboxItem.Status.KILLED;
    }
    return state.status() == Status.QUARANTINED
        ? OutboxItem.Status.FAILED
        : OutboxItem.Status.RUNNING;
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
