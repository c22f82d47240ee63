package dev.dormouse.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CampaignSpec.Training;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CostBasisTest {
  /** Half an hour and the grace of 30 s on 2 GPUs: 1.016667 GPU-hours at most. */
  private static final Training TRAINING = new Training("local", "true", Duration.ofMinutes(30), 2);

  private static final long WORST = 1_016_667;

  @Test
  void takesQuantilesOfTheStudysRuns() {
    assertThat(
            estimate(List.of(hours(5), hours(1), hours(4), hours(2), hours(3)), Optional.empty()))
        .isEqualTo(new CostEstimate(1_000_000, 3_000_000, 5_000_000, "5 runs of this study"));
    assertThat(estimate(List.of(hours(2), hours(1), hours(2)), Optional.of(Duration.ofHours(9))))
        .as("the study's runs come before the preflight run")
        .isEqualTo(new CostEstimate(1_000_000, 2_000_000, 2_000_000, "3 runs of this study"));
  }

  @Test
  void takesThePreflightRunWhereTheStudyHasTooFewCosts() {
    List<Run> two = List.of(hours(7), hours(7), run(OptionalDouble.empty()));

    assertThat(estimate(two, Optional.of(Duration.ofMinutes(6))))
        .as("6 minutes on 2 GPUs are 0.2 GPU-hours")
        .isEqualTo(new CostEstimate(80_000, 200_000, 600_000, "preflight run of the baseline"));
    assertThat(estimate(List.of(), Optional.of(Duration.ofMinutes(20))))
        .as("nothing costs more than the timeout")
        .isEqualTo(new CostEstimate(266_666, 666_667, WORST, "preflight run of the baseline"));
  }

  @Test
  void takesHalfOfTheTimeoutWhereNothingWasMeasured() {
    assertThat(TRAINING.worstCaseMicros()).isEqualTo(WORST);
    assertThat(estimate(List.of(), Optional.empty()))
        .isEqualTo(
            new CostEstimate(
                50_833, 508_333, WORST, "half of the timeout: nothing was measured yet"));
  }

  @Test
  void aPlanThatReplacesAnotherKeepsItsPreflightRunUntilTheStudyHasCosts() {
    CampaignSpec spec = ExampleCampaign.spec();
    CostEstimate preflight = estimate(List.of(), Optional.of(Duration.ofMinutes(7)));
    Plan old =
        PlanBuilder.build(
            spec,
            new RankedHypotheses(List.of(), List.of()),
            preflight,
            new Plan.Basis("f1-0", 0.001, List.of()));

    assertThat(CostBasis.again(TRAINING, List.of(), old)).isEqualTo(preflight);
    assertThat(CostBasis.again(TRAINING, List.of(hours(2), hours(1), hours(2)), old).basis())
        .isEqualTo("3 runs of this study");
  }

  private static CostEstimate estimate(List<Run> runs, Optional<Duration> preflight) {
    return CostBasis.of(TRAINING, runs, preflight);
  }

  private static Run hours(double hours) {
    return run(OptionalDouble.of(hours));
  }

  private static Run run(OptionalDouble hours) {
    return new Run(
        "r",
        new StudyKey("clicks", "v1", "auc", StudyKey.VALIDATION),
        "clicks",
        ExampleCampaign.BASELINE,
        OptionalLong.empty(),
        RunStatus.OK,
        new TreeMap<>(),
        hours,
        CostOrigin.MEASURED,
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        "test",
        "",
        Optional.empty(),
        Optional.empty(),
        0);
  }
}
