package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import dev.dormouse.model.RunStatus;
import dev.dormouse.summary.CampaignResults;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Builds the curves of a campaign's run: one step for every finished training run. Pure. */
final class CampaignCurves {
  /** Steps of an item. A full block is published once, so that long curves are not sent again. */
  private static final int BLOCK = 50;

  private final CampaignSpec spec;
  private final List<RunItem.Point> points = new ArrayList<>();
  private final DoubleSummaryStatistics baseline = new DoubleSummaryStatistics();
  private final Map<Arm, DoubleSummaryStatistics> arms = new HashMap<>();
  private long spent;
  private int failed;
  private Instant at = Instant.EPOCH;

  private CampaignCurves(CampaignSpec spec) {
    this.spec = spec;
  }

  /** Returns the curves in blocks, as additions to the campaign's run. */
  static List<RunItem> of(RunItem campaign, CampaignSpec spec, List<Attempt> settled) {
    CampaignCurves curves = new CampaignCurves(spec);
    List<RunItem> blocks = new ArrayList<>();
    for (int first = 0; first < settled.size(); first += BLOCK) {
      int last = Math.min(settled.size(), first + BLOCK);
      for (int step = first + 1; step <= last; step++) {
        curves.add(step, settled.get(step - 1));
      }
      String key = "curves:" + spec.campaignId() + ":" + (first + 1) + "-" + last;
      blocks.add(campaign.addition(key, new TreeMap<>(), curves.points, List.of()));
      curves.points.clear();
    }
    return blocks;
  }

  /** Adds the points of a step. Only search phases count for the best. */
  private void add(int step, Attempt attempt) {
    RunOutcome outcome = attempt.outcome().orElseThrow();
    spent += outcome.costMicros();
    failed += outcome.status() == RunStatus.OK ? 0 : 1;
    at = outcome.finishedAt().isAfter(at) ? outcome.finishedAt() : at;
    point("trials_done", step, step);
    point("trials_failed", step, failed);
    point("gpu_hours_spent", step, GpuHours.hours(spent));
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
      point("best", step, spec.objective().gain(best.getAsDouble(), 0));
      point("lift_over_baseline", step, best.getAsDouble() - baseline.getAverage());
    }
  }

  private void point(String curve, int step, double value) {
    points.add(new RunItem.Point("campaign/" + curve, step, value, at));
  }
}
