package dev.dormouse.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A campaign on a study whose earlier runs found an arm that is better than the baseline. */
class KnownArmsTest {
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final Arm BASELINE = ExampleCampaign.BASELINE;
  private static final double NOISE = 0.0002;
  private static final double GAIN = 0.004;
  private static final Arm KNOWN =
      BASELINE.with("embedding_dim", "64").with("learning_rate", "0.003");
  private static final ArmForecasts FORECASTS =
      new ArmForecasts(
          0.5,
          0.002,
          Stream.of("0.0001", "0.0003", "0.01", "0.03")
              .map(rate -> new ArmForecast(BASELINE.with("learning_rate", rate), 0, 0.05, 2_000))
              .toList(),
          List.of(new KnownArm(KNOWN, GAIN, 0.0003, 3, "r1")));

  @Test
  void aKnownArmIsConfirmedOnFreshSeedsWithoutBeingSearchedAgain() {
    World world = approved(Decider.RULES);
    world.play(KnownArmsTest::onlyTheKnownArmIsBetter);

    assertThat(world.state.attempts().values())
        .filteredOn(attempt -> attempt.trial().phase().isSearch())
        .isNotEmpty()
        .noneMatch(attempt -> attempt.trial().arm().equals(KNOWN));
    assertThat(world.state.of(Phase.CONFIRMATION))
        .extracting(Attempt::trial)
        .filteredOn(trial -> trial.arm().equals(KNOWN))
        .hasSize(6)
        .allSatisfy(trial -> assertThat(trial.hypothesisId()).contains("h-known"))
        .allSatisfy(trial -> assertThat(trial.source()).contains(Source.HISTORY))
        .allSatisfy(trial -> assertThat(trial.seed()).isGreaterThan(1000));
    Verdict verdict = world.state.verdict().orElseThrow();
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.CONFIRMED);
    assertThat(verdict.winner()).contains(KNOWN);
  }

  @Test
  void ifTheSearchFindsMoreThatIsConfirmed() {
    World world = approved(Decider.RULES);
    world.play(
        trial ->
            trial.arm().value("batch_size").orElseThrow().equals("4096")
                ? World.ok(0.72 + wiggle(trial))
                : onlyTheKnownArmIsBetter(trial));

    Verdict verdict = world.state.verdict().orElseThrow();
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.CONFIRMED);
    assertThat(verdict.winner().orElseThrow().value("batch_size")).contains("4096");
  }

  @Test
  void aKnownArmThatDoesNotHoldOnFreshSeedsIsNotConfirmed() {
    World world = approved(Decider.RULES);
    world.play(trial -> World.ok(0.7 + wiggle(trial)));

    assertThat(world.state.of(Phase.CONFIRMATION))
        .anyMatch(attempt -> attempt.trial().arm().equals(KNOWN));
    assertThat(world.state.verdict().orElseThrow().kind())
        .isEqualTo(Verdict.Kind.NOT_DISTINGUISHABLE);
  }

  @Test
  void campaignsOfOlderRulesEndAsTheyBegan() {
    World world = approved(3);
    world.forecasts =
        plan -> {
          throw new IllegalStateException("rules 3 choose without forecasts");
        };
    world.play(KnownArmsTest::onlyTheKnownArmIsBetter);

    assertThat(world.state.attempts().values())
        .noneMatch(attempt -> attempt.trial().arm().equals(KNOWN));
    assertThat(world.state.verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.NO_CANDIDATE);
    assertThat(Results.noiseSd(world.state, SPEC)).isLessThan(NOISE / 2);
  }

  @Test
  void theNoiseOfFewSeedsIsPooledWithThatOfPastStudies() {
    World world = approved(Decider.RULES);
    assertThat(Results.noiseSd(world.state, SPEC)).as("no seed yet").isCloseTo(NOISE, within(1e-9));

    world.allEnd(trial -> World.ok(trial.seed() == 1 ? 0.7 : 0.7 + 0.002));
    assertThat(Results.noiseSd(world.state, SPEC))
        .isCloseTo(Math.sqrt((3 * NOISE * NOISE + 2e-6) / 4), within(1e-9));
  }

  @Test
  void forecastsAreAskedForOnlyToChooseAnArm() {
    World world = World.planned(SPEC, plan(), Decider.RULES);
    int[] asked = {0};
    world.forecasts =
        plan -> {
          asked[0]++;
          return Optional.of(FORECASTS);
        };
    world.decide(List.of(), world.message("approve", world.planHash(), 0));
    assertThat(asked[0]).as("the baseline is given").isZero();
    world.allEnd(KnownArmsTest::onlyTheKnownArmIsBetter);
    assertThat(world.state.phase()).contains(Phase.VALIDATION);
    assertThat(asked[0]).isPositive();

    while (!world.state.phase().orElseThrow().equals(Phase.CONFIRMATION)) {
      world.allEnd(KnownArmsTest::onlyTheKnownArmIsBetter);
    }
    int before = asked[0];
    world.play(KnownArmsTest::onlyTheKnownArmIsBetter);
    assertThat(asked[0]).as("the winner is given").isEqualTo(before);
  }

  @Test
  void aCampaignWhoseForecastsAreLostCanBePausedAndHalted() {
    World world = approved(Decider.RULES);
    world.forecasts =
        plan -> {
          throw new IllegalStateException("lost");
        };
    assertThatThrownBy(() -> world.allEnd(trial -> World.ok(0.7))).hasMessage("lost");

    world.decide(List.of(), world.message("pause", "", 0));
    assertThat(world.state.status()).isEqualTo(Status.PAUSED);
    world.decide(List.of(), world.message("halt", "", 0));
    assertThat(world.state.status()).isEqualTo(Status.HALTED);
  }

  private static World approved(int rules) {
    World world = World.planned(SPEC, plan(), rules);
    world.forecasts = plan -> Optional.of(FORECASTS);
    world.decide(List.of(), world.message("approve", world.planHash(), 0));
    return world;
  }

  private static Plan plan() {
    Plan plan = ExampleCampaign.plan(SPEC);
    return new Plan(
        plan.campaignId(),
        plan.phases(),
        plan.hypotheses(),
        plan.cost(),
        plan.capMicros(),
        plan.stopRules(),
        plan.notTried(),
        Optional.of(new Plan.Basis(FORECASTS.hash(), NOISE, List.of(known()))));
  }

  private static Hypothesis known() {
    return new Hypothesis(
        "h-known",
        Source.HISTORY,
        "it gains",
        "3 runs of this study tried it, e.g. r1",
        KNOWN,
        KNOWN.changesFrom(BASELINE),
        List.of("r1"),
        new Hypothesis.Forecast(GAIN, 0.0003, 0.99, 0.05, 2_000),
        0,
        new TreeMap<>(),
        Optional.of("r1"));
  }

  private static RunOutcome onlyTheKnownArmIsBetter(TrialSpec trial) {
    return World.ok(0.7 + wiggle(trial) + (trial.arm().equals(KNOWN) ? GAIN : 0));
  }

  private static double wiggle(TrialSpec trial) {
    return Math.floorMod(trial.seed() * 7919 + trial.arm().configId().hashCode(), 13) * 1e-6;
  }
}
