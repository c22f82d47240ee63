package dev.dormouse.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.HypothesisBuilder;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Plan.NotTried;
import dev.dormouse.model.Plan.PhasePlan;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The cap of the example campaign is 2 GPU-hours. */
class PlanBuilderTest {
  private static final Plan.Basis BASIS = new Plan.Basis("f1-0", 0.001, List.of());
  private static final CampaignSpec SPEC =
      ExampleCampaign.spec("true", ".", ExampleCampaign.trials(2, 2, 1, 3, 6));
  private static final CostEstimate CHEAP = new CostEstimate(1_000, 2_000, 5_000, "a test");

  private static final Hypothesis WIDER = hypothesis("embedding_dim", "32", 0.1, Optional.empty());
  private static final Hypothesis FASTER =
      hypothesis("learning_rate", "0.01", 0.5, Optional.empty());
  private static final Hypothesis LARGER = hypothesis("batch_size", "4096", 0, Optional.empty());
  private static final Hypothesis FAILING =
      hypothesis("batch_size", "1024", 0.51, Optional.empty());
  private static final Hypothesis TRIED =
      hypothesis("embedding_dim", "64", 0, Optional.of("run-7"));

  @Test
  void givesEachPhaseItsRunsSeedsAndCost() {
    Plan plan = build(SPEC, CHEAP, WIDER, FASTER);

    assertThat(plan.phases()).extracting(PhasePlan::phase).containsExactly(Phase.values());
    assertThat(plan.phases())
        .extracting(PhasePlan::trials)
        .as("confirmation trains winner and baseline on each of 6 seeds")
        .containsExactly(2, 2, 1, 3, 12);
    assertThat(plan.phases().get(0).seeds()).containsExactly(1L, 2L);
    assertThat(plan.phases().get(1).seeds()).containsExactly(1L);
    assertThat(plan.phases().get(4).seeds())
        .containsExactly(1001L, 1002L, 1003L, 1004L, 1005L, 1006L);
    assertThat(plan.phases().get(3).cost())
        .isEqualTo(new CostEstimate(3_000, 6_000, 15_000, "a test"));
    assertThat(plan.cost()).as("20 runs").isEqualTo(CHEAP.times(20));
    assertThat(plan.capMicros()).isEqualTo(2_000_000);
    assertThat(plan.notTried()).isEmpty();
  }

  @Test
  void leavesOutWhatWasTriedWhatIsLikelyToFailAndWhatRanksTooLow() {
    Plan plan = build(SPEC, CHEAP, TRIED, WIDER, FAILING, FASTER, LARGER);

    assertThat(plan.hypotheses()).as("best first").containsExactly(WIDER, FASTER);
    assertThat(plan.notTried())
        .containsExactly(
            new NotTried(
                TRIED.changes().get(0).toString(), "run run-7 of this study tried it already"),
            new NotTried(FAILING.changes().get(0).toString(), "such runs failed in 51% of cases"),
            new NotTried(
                LARGER.changes().get(0).toString(), "ranked below the 2 that validation can try"));
  }

  @Test
  void tellsWhatTheStudyKnowsAndConfirmsOnSeedsThatItHasNotUsed() {
    Hypothesis failed = hypothesis("learning_rate", "0.1", 0, Optional.of("run-9"));
    StudySoFar study =
        new StudySoFar(
            List.of(
                new KnownArm(TRIED.arm(), 0.004, 0.0005, 3, "run-7"),
                new KnownArm(failed.arm(), Double.NaN, 0, 0, "run-9")),
            List.of(seeded(1), seeded(1001), seeded(1002), seeded(1005)));
    Plan plan =
        PlanBuilder.build(
            SPEC,
            new RankedHypotheses(List.of(TRIED, failed, WIDER), List.of()),
            CHEAP,
            BASIS,
            study);

    assertThat(plan.hypotheses()).containsExactly(WIDER);
    assertThat(plan.notTried())
        .extracting(NotTried::why)
        .containsExactly(
            "known: +0.00400 +- 0.00050 from run run-7 and 2 more of this study",
            "run run-9 of this study failed");
    assertThat(plan.phases().get(4).seeds())
        .containsExactly(1006L, 1007L, 1008L, 1009L, 1010L, 1011L);
  }

  private static Run seeded(long seed) {
    return RunBuilder.builder()
        .runId("r" + seed)
        .study(SPEC.study())
        .family("clicks")
        .arm(SPEC.baseline())
        .seed(OptionalLong.of(seed))
        .status(RunStatus.OK)
        .metrics(new TreeMap<>())
        .costSource(CostOrigin.UNKNOWN)
        .source("test")
        .provenance("test")
        .build();
  }

  @Test
  void validationGoesOnByResultsWhereHypothesesAreFew() {
    assertThat(build(SPEC, CHEAP, WIDER).phases().get(1).trials()).isEqualTo(2);
  }

  @Test
  void leavesOutWhatOneInsightSuggestsAndAllPastRunsSpeakAgainst() {
    Hypothesis losing = withGain(LARGER, Source.HISTORY, -0.002);
    Hypothesis ofResearch = withGain(FASTER, Source.RESEARCH, -0.002);
    Plan plan = build(SPEC, CHEAP, losing, ofResearch);

    assertThat(plan.hypotheses()).containsExactly(ofResearch);
    assertThat(plan.notTried())
        .containsExactly(
            new NotTried(
                LARGER.changes().get(0).toString(), "all past runs together forecast -0.00200"));
  }

  private static Hypothesis costing(long micros, Hypothesis of) {
    Hypothesis.Forecast forecast = of.forecast();
    return HypothesisBuilder.builder(of)
        .forecast(
            new Hypothesis.Forecast(
                forecast.gain(),
                forecast.gainSd(),
                forecast.pSuccess(),
                forecast.pFailure(),
                micros))
        .build();
  }

  private static Hypothesis withGain(Hypothesis of, Source source, double gain) {
    return new Hypothesis(
        of.hypothesisId(),
        source,
        of.claim(),
        of.rationale(),
        of.arm(),
        of.changes(),
        of.evidence(),
        new Hypothesis.Forecast(gain, 0.001, 0.1, 0.1, 2_000),
        of.score(),
        of.terms(),
        of.duplicateOf());
  }

  @Test
  void givesUpExploitationThenCombinationThenValidationWhereTheCapIsTooSmall() {
    Plan lessExploitation =
        build(
            SPEC,
            new CostEstimate(0, 110_000, 200_000, "a test"),
            costing(110_000, WIDER),
            costing(110_000, FASTER));
    Plan noSearch =
        build(
            SPEC,
            new CostEstimate(0, 130_000, 200_000, "a test"),
            costing(130_000, WIDER),
            costing(130_000, FASTER));

    assertThat(lessExploitation.phases())
        .as("2 GPU-hours last for 18 runs")
        .extracting(PhasePlan::trials)
        .containsExactly(2, 2, 1, 1, 12);
    assertThat(lessExploitation.notTried())
        .containsExactly(
            new NotTried(
                "2 trials of phase exploitation",
                "the cap of 2.000 GPU-hours is expected to last for 18 runs"));
    assertThat(noSearch.phases())
        .as("2 GPU-hours last for 15 runs")
        .extracting(PhasePlan::trials)
        .containsExactly(2, 1, 0, 0, 12);
    assertThat(noSearch.notTried())
        .extracting(NotTried::what)
        .containsExactly(
            "3 trials of phase exploitation",
            "1 trials of phase combination",
            "1 trials of phase validation",
            FASTER.changes().get(0).toString());
    assertThat(noSearch.cost().expectedMicros()).isLessThanOrEqualTo(noSearch.capMicros());
  }

  @Test
  void countsEachHypothesisAtItsOwnCost() {
    CostEstimate usual = new CostEstimate(50_000, 100_000, 200_000, "a test");
    Plan plan = build(SPEC, usual, costing(50_000, WIDER), costing(200_000, FASTER));

    assertThat(plan.phases().get(1).cost())
        .as("0.05 and 0.2 GPU-hours, with the interval of the usual run")
        .isEqualTo(new CostEstimate(125_000, 250_000, 500_000, "a test"));
    assertThat(plan.phases())
        .as("the dear one leaves no room for one of the three trials of exploitation")
        .extracting(PhasePlan::trials)
        .containsExactly(2, 2, 1, 2, 12);
    assertThat(plan.cost()).isEqualTo(new CostEstimate(975_000, 1_950_000, 3_900_000, "a test"));
    assertThat(plan.stopRules().toString()).contains("gets back trials left out for the cap");
  }

  @Test
  void namesRejectedIdeasOnceForEachReason() {
    List<IdeaRefusal> refusals =
        List.of(
            new IdeaRefusal(IdeaRefusal.Kind.ALREADY_TRIED, "it was tried"),
            new IdeaRefusal(IdeaRefusal.Kind.TOO_EXPENSIVE, "it costs too much"),
            new IdeaRefusal(IdeaRefusal.Kind.ALREADY_TRIED, "it was tried"));

    assertThat(
            PlanBuilder.build(SPEC, new RankedHypotheses(List.of(WIDER), refusals), CHEAP, BASIS)
                .notTried())
        .containsExactly(
            new NotTried("ideas of the language model (2 times)", "it was tried"),
            new NotTried("ideas of the language model", "it costs too much"));
  }

  private static Plan build(CampaignSpec spec, CostEstimate runCost, Hypothesis... ranked) {
    return PlanBuilder.build(
        spec, new RankedHypotheses(List.of(ranked), List.of()), runCost, BASIS);
  }

  private static Hypothesis hypothesis(
      String parameter, String to, double pFailure, Optional<String> duplicateOf) {
    Change change =
        new Change(parameter, ExampleCampaign.BASELINE.value(parameter).orElseThrow(), to);
    return new Hypothesis(
        "h-" + parameter + to,
        Source.HISTORY,
        "",
        "",
        ExampleCampaign.BASELINE.with(List.of(change)),
        List.of(change),
        List.of(),
        new Hypothesis.Forecast(0.001, 0.001, 0.8, pFailure, 2_000),
        1,
        new TreeMap<>(),
        duplicateOf);
  }
}
