package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What earlier runs of a campaign's own study tell of their arms. Pure. */
public final class StudyKnowledge {
  private final CampaignSpec spec;
  private final double noiseSd;
  private final Map<String, List<Double>> baselineOfSweeps = new LinkedHashMap<>();
  private final List<Double> baseline = new ArrayList<>();

  private StudyKnowledge(List<Run> runs, CampaignSpec spec, double noiseSd) {
    this.spec = spec;
    this.noiseSd = noiseSd;
    for (Run run : runs) {
      OptionalDouble value = value(run);
      if (value.isPresent() && run.arm().equals(spec.baseline())) {
        baseline.add(value.getAsDouble());
        run.sweep()
            .ifPresent(
                sweep ->
                    baselineOfSweeps
                        .computeIfAbsent(sweep, s -> new ArrayList<>())
                        .add(value.getAsDouble()));
      }
    }
  }

  /**
   * Returns the arms that the study tried before, with their gains over the baseline. A run is
   * compared with the baseline's runs of its own sweep where there are some, since sweeps may
   * differ by more than their arms. Runs that the machine failed, or that were stopped, tell
   * nothing.
   *
   * @param runs runs of the study, in a fixed order
   * @param noiseSd seed noise, in metric units
   */
  public static List<KnownArm> of(List<Run> runs, CampaignSpec spec, double noiseSd) {
    StudyKnowledge knowledge = new StudyKnowledge(runs, spec, noiseSd);
    Map<Arm, List<Run>> byArm = new LinkedHashMap<>();
    runs.stream()
        .filter(run -> run.status().tellsOfArm())
        .filter(run -> !run.arm().equals(spec.baseline()))
        .forEach(run -> byArm.computeIfAbsent(run.arm(), a -> new ArrayList<>()).add(run));
    List<KnownArm> known = new ArrayList<>();
    byArm.forEach((arm, ofArm) -> knowledge.known(arm, ofArm).ifPresent(known::add));
    return known;
  }

  private OptionalDouble value(Run run) {
    Double value = run.metrics().get(spec.objective().metric());
    return run.status() != RunStatus.OK || value == null || !Double.isFinite(value)
        ? OptionalDouble.empty()
        : OptionalDouble.of(spec.objective().gain(value, 0));
  }

  /** Returns an arm's gain; empty if it has results but the baseline never ran. */
  private Optional<KnownArm> known(Arm arm, List<Run> runs) {
    String runId = runs.get(0).runId();
    List<Double> gains = new ArrayList<>();
    double variance = 0;
    for (Run run : runs) {
      OptionalDouble value = value(run);
      List<Double> control =
          run.sweep().map(sweep -> baselineOfSweeps.getOrDefault(sweep, baseline)).orElse(baseline);
      if (value.isPresent() && !control.isEmpty()) {
        gains.add(value.getAsDouble() - mean(control));
        double drift = control == baseline ? noiseSd * noiseSd : 0;
        variance = Math.max(variance, noiseSd * noiseSd / control.size() + drift);
      }
    }
    boolean failed = runs.stream().noneMatch(run -> value(run).isPresent());
    if (gains.isEmpty()) {
      return failed ? Optional.of(new KnownArm(arm, Double.NaN, 0, 0, runId)) : Optional.empty();
    }
    return Optional.of(
        new KnownArm(
            arm,
            mean(gains),
            Math.sqrt(noiseSd * noiseSd / gains.size() + variance),
            gains.size(),
            runId));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElseThrow();
  }
}
