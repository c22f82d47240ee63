package dev.dormouse.eval.replay;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.RunStatus;
import dev.dormouse.training.TrainingBackend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Training backend that looks results up in a table. A run with a learning curve advances one point
 * at every observation; any other run has ended at the first.
 */
final class ReplayBackend implements TrainingBackend {
  private final Map<Arm, KnownResult> results;
  private final LearningCurves curves;
  private final Map<TrialKey, Integer> observations = new HashMap<>();
  private final Set<TrialKey> stopped = new HashSet<>();

  ReplayBackend(Map<Arm, KnownResult> results, LearningCurves curves) {
    this.results = Map.copyOf(results);
    this.curves = curves;
  }

  /** Returns how many points of its curve a run has reached; 1 if it shows none. */
  int points(TrialKey run) {
    return observations.getOrDefault(run, 0);
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    observations.putIfAbsent(launch.key(), 0);
    return launch.key().runId();
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    TrialKey key = attempt.key();
    if (!observations.containsKey(key)) {
      return new Observation.NotFound(key, Instant.EPOCH);
    }
    KnownResult result = results.get(attempt.trial().arm());
    List<Double> whole = curves == LearningCurves.SHOWN ? result.curve() : List.of();
    if (stopped.contains(key)) {
      return ended(spec, key, RunStatus.ABANDONED, Optional.empty(), whole);
    }
    int points = observations.merge(key, 1, Integer::sum);
    if (points < whole.size()) {
      return new Observation.Running(key, key.runId(), curve(spec, whole.subList(0, points)));
    }
    return result.value().isPresent()
        ? ended(
            spec, key, RunStatus.OK, Optional.of(metric(spec, result.value().getAsDouble())), whole)
        : ended(spec, key, RunStatus.FAILED, Optional.empty(), whole);
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    stopped.add(stop.key());
  }

  private Observation ended(
      CampaignSpec spec,
      TrialKey key,
      RunStatus status,
      Optional<Double> value,
      List<Double> whole) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    value.ifPresent(known -> metrics.put(spec.objective().metric(), known));
    List<Double> seen = whole.subList(0, Math.min(points(key), whole.size()));
    return new Observation.Ended(
        key,
        key.runId(),
        new RunOutcome(
            status,
            metrics,
            curve(spec, seen),
            Instant.EPOCH,
            Instant.EPOCH,
            0,
            "known-result",
            status == RunStatus.FAILED ? "the table has no result" : ""));
  }

  /** Returns the metric of a value that is oriented so that higher is better. */
  private static double metric(CampaignSpec spec, double oriented) {
    return spec.objective().gain(oriented, 0);
  }

  /** Returns the points that have a finite value. */
  private static List<MetricPoint> curve(CampaignSpec spec, List<Double> values) {
    List<MetricPoint> curve = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (Double.isFinite(values.get(i))) {
        curve.add(new MetricPoint(spec.objective().metric(), i + 1L, metric(spec, values.get(i))));
      }
    }
    return curve;
  }
}
