package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Hypothesis.Forecast;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Makes a hypothesis with a forecast from an arm, if the arm may be tried. */
final class Drafts {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Expected failure rate if nothing is known. */
  private static final double BASE_FAILURE_RATE = 0.05;

  private final PlanningContext context;

  Drafts(PlanningContext context) {
    this.context = context;
  }

  /**
   * Returns the hypothesis that an arm gains; empty if it is the baseline or outside the space.
   *
   * @param gain expected gain, in metric units
   * @param sd its standard deviation, in metric units; the noise of comparing two runs is added
   */
  Optional<Hypothesis> draft(
      Source source, Arm arm, String rationale, List<String> evidence, double gain, double sd) {
    Arm baseline = context.spec().baseline();
    if (arm.equals(baseline) || !context.spec().searchSpace().admits(arm, baseline)) {
      return Optional.empty();
    }
    double noise = context.noiseSd();
    double gainSd = Math.sqrt(sd * sd + 2 * noise * noise);
    double pSuccess = NORMAL.cumulativeProbability(gain / gainSd);
    Forecast forecast =
        new Forecast(gain, gainSd, pSuccess, failureRate(arm), context.runCost().expectedMicros());
    List<Change> changes = arm.changesFrom(baseline);
    return Optional.of(
        new Hypothesis(
            "h-" + arm.configId(),
            source,
            "Gains over the baseline: "
                + String.join(", ", changes.stream().map(Object::toString).toList()),
            rationale,
            arm,
            changes,
            evidence,
            forecast,
            0,
            new TreeMap<>(),
            triedBefore(arm)));
  }

  private Optional<String> triedBefore(Arm arm) {
    return context.studyRuns().stream()
        .filter(run -> run.status() == RunStatus.OK && run.arm().equals(arm))
        .map(Run::runId)
        .findFirst();
  }

  /** Returns the highest failure rate of the insights that describe an arm. */
  double failureRate(Arm arm) {
    return context.insights().stream()
        .filter(insight -> insight.kind() == Insight.Kind.FAILURE && insight.effect().isPresent())
        .filter(insight -> Conditions.describes(insight, arm))
        .mapToDouble(insight -> insight.effect().orElseThrow().mean())
        .max()
        .orElse(BASE_FAILURE_RATE);
  }
}
