package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.search.Outlook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HypothesesTest {
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final Arm BASELINE = SPEC.baseline();
  private static final Arm WIDER = BASELINE.with("embedding_dim", "64");

  private final List<Run> runs = new ArrayList<>();

  @Test
  void armsThatTheStudyFoundBetterAreKnownWithTheirRuns() {
    run(BASELINE, RunStatus.OK, 0.700);
    run(WIDER, RunStatus.OK, 0.706);
    run(WIDER, RunStatus.OK, 0.707);
    run(BASELINE.with("embedding_dim", "8"), RunStatus.OK, 0.690);
    PlanningContext context = context(SPEC);

    assertThat(Hypotheses.known(context, context.outlook()))
        .singleElement()
        .satisfies(known -> assertThat(known.arm()).isEqualTo(WIDER))
        .satisfies(known -> assertThat(known.evidence()).containsExactly("r1", "r2"))
        .satisfies(known -> assertThat(known.duplicateOf()).contains("r1"))
        .satisfies(
            known ->
                assertThat(known.rationale()).isEqualTo("2 runs of this study tried it: r1, r2"))
        .satisfies(known -> assertThat(known.forecast().gain()).isPositive());
  }

  @Test
  void anArmThatFailedInThisStudyIsNoNewIdea() {
    run(WIDER, RunStatus.OOM, Double.NaN);

    assertThat(draft(WIDER).duplicateOf()).contains("r0");
    run(WIDER, RunStatus.OK, 0.7);
    assertThat(draft(WIDER).duplicateOf()).as("a run that ended well").contains("r1");
  }

  @Test
  void whatTheMachineDidIsNotTheArms() {
    run(WIDER, RunStatus.INFRA, Double.NaN);
    run(WIDER, RunStatus.ABANDONED, 0.6);

    assertThat(draft(WIDER).duplicateOf()).isEmpty();
  }

  @Test
  void withoutHistoryAFailureMayBeTriedAgain() {
    run(WIDER, RunStatus.OOM, Double.NaN);
    CampaignSpec without =
        new CampaignSpec(
            SPEC.campaignId(),
            SPEC.study(),
            SPEC.objective(),
            BASELINE,
            SPEC.searchSpace(),
            SPEC.training(),
            SPEC.budget(),
            SPEC.guardrails(),
            new CampaignSpec.Sources(false, true, CampaignSpec.LlmUse.NEVER),
            SPEC.trials());
    PlanningContext context = context(without);

    assertThat(
            new Drafts(context, context.outlook())
                .draft(Source.SURROGATE, WIDER, "a test", List.of())
                .orElseThrow()
                .duplicateOf())
        .isEmpty();
    assertThat(Hypotheses.known(context, context.outlook())).isEmpty();
  }

  @Test
  void aLakeThatKnowsNothingFillsValidationAndSaysSo() {
    PlanningContext context = context(SPEC);
    List<Hypothesis> hypotheses = Hypotheses.generate(context, context.outlook());

    assertThat(hypotheses)
        .hasSizeGreaterThanOrEqualTo(SPEC.trials(Phase.VALIDATION))
        .allMatch(h -> SPEC.searchSpace().admits(h.arm(), BASELINE))
        .allMatch(h -> h.source() == Source.SURROGATE)
        .allMatch(h -> h.rationale().endsWith("of which nothing is known yet"));
    assertThat(hypotheses).extracting(Hypothesis::arm).doesNotHaveDuplicates();
  }

  @Test
  void afterRunsOfItsStudyAnIdeaDoesNotClaimThatNothingIsKnown() {
    run(BASELINE, RunStatus.OK, 0.700);
    run(WIDER, RunStatus.OK, 0.706);
    PlanningContext context = context(SPEC);

    assertThat(Hypotheses.generate(context, context.outlook()))
        .isNotEmpty()
        .noneMatch(h -> h.rationale().contains("nothing is known"))
        .noneMatch(h -> h.arm().equals(WIDER));
  }

  private Hypothesis draft(Arm arm) {
    PlanningContext context = context(SPEC);
    Outlook outlook = context.outlook();
    return new Drafts(context, outlook)
        .draft(Source.HISTORY, arm, "a test", List.of())
        .orElseThrow();
  }

  private PlanningContext context(CampaignSpec spec) {
    return new PlanningContext(
        spec,
        List.of(),
        List.of(),
        List.of(),
        runs,
        List.of(),
        0.0005,
        new CostEstimate(1_000, 2_000, 5_000, "a test"));
  }

  private void run(Arm arm, RunStatus status, double value) {
    runs.add(
        RunBuilder.builder()
            .runId("r" + runs.size())
            .study(SPEC.study())
            .family("clicks")
            .arm(arm)
            .status(status)
            .metrics(new TreeMap<>(Double.isNaN(value) ? Map.of() : Map.of("auc", value)))
            .costSource(CostOrigin.UNKNOWN)
            .sweep(Optional.of("spring"))
            .source("test")
            .provenance("test")
            .build());
  }
}
