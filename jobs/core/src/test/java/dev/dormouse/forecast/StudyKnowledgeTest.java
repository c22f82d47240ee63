package dev.dormouse.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StudyKnowledgeTest {
  private static final double NOISE = 0.001;
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final Arm BASELINE = SPEC.baseline();
  private static final Arm WIDER = BASELINE.with("embedding_dim", "32");

  private final List<Run> runs = new ArrayList<>();

  @Test
  void gainsAreCountedFromTheBaselineOfTheSameSweep() {
    run(BASELINE, "spring", RunStatus.OK, 0.700);
    run(WIDER, "spring", RunStatus.OK, 0.704);
    // The data drifted: everything is better by 0.01 in autumn.
    run(BASELINE, "autumn", RunStatus.OK, 0.710);
    run(WIDER, "autumn", RunStatus.OK, 0.716);

    assertThat(StudyKnowledge.of(runs, SPEC, NOISE))
        .singleElement()
        .satisfies(known -> assertThat(known.arm()).isEqualTo(WIDER))
        .satisfies(known -> assertThat(known.gain()).isCloseTo(0.005, within(1e-9)))
        .satisfies(known -> assertThat(known.runs()).isEqualTo(2))
        .satisfies(known -> assertThat(known.runId()).isEqualTo("r1"));
  }

  @Test
  void aSweepWithoutTheBaselineIsLessCertain() {
    run(BASELINE, "spring", RunStatus.OK, 0.700);
    run(WIDER, "spring", RunStatus.OK, 0.704);
    run(WIDER.with("batch_size", "1024"), "autumn", RunStatus.OK, 0.704);

    List<KnownArm> known = StudyKnowledge.of(runs, SPEC, NOISE);
    assertThat(known.get(1).gain()).isEqualTo(known.get(0).gain());
    assertThat(known.get(1).gainSd()).isGreaterThan(known.get(0).gainSd());
  }

  @Test
  void armsThatAlwaysFailedAreKnownWithoutAGain() {
    run(BASELINE, "spring", RunStatus.OK, 0.700);
    run(WIDER, "spring", RunStatus.OOM, Double.NaN);

    assertThat(StudyKnowledge.of(runs, SPEC, NOISE))
        .singleElement()
        .satisfies(known -> assertThat(known.knownGain()).isEmpty());
  }

  @Test
  void whatTheMachineDidTellsNothing() {
    run(BASELINE, "spring", RunStatus.OK, 0.700);
    run(WIDER, "spring", RunStatus.INFRA, Double.NaN);
    run(WIDER, "spring", RunStatus.ABANDONED, 0.6);

    assertThat(StudyKnowledge.of(runs, SPEC, NOISE)).isEmpty();
  }

  @Test
  void withoutTheBaselineNoGainIsKnown() {
    run(WIDER, "spring", RunStatus.OK, 0.704);

    assertThat(StudyKnowledge.of(runs, SPEC, NOISE)).isEmpty();
  }

  private void run(Arm arm, String sweep, RunStatus status, double value) {
    runs.add(
        RunBuilder.builder()
            .runId("r" + runs.size())
            .study(SPEC.study())
            .family("clicks")
            .arm(arm)
            .status(status)
            .metrics(new TreeMap<>(Double.isNaN(value) ? Map.of() : Map.of("auc", value)))
            .costSource(CostOrigin.UNKNOWN)
            .sweep(Optional.of(sweep))
            .source("test")
            .provenance("test")
            .build());
  }
}
