package dev.dormouse.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Plan.PhasePlan;
import dev.dormouse.summary.CampaignSummary;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The campaign file asks for 2, 3, 1, 2 trials and 6 seed pairs; a run costs 7.2 GPU-seconds. */
class SplitTest {
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final long RUN = 2_000;

  /** A plan that gives the phases other numbers of trials than the file. */
  private static Plan plan(int baseline, int validation, int combination, int exploitation) {
    Plan plan = ExampleCampaign.plan(SPEC);
    List<PhasePlan> phases =
        List.of(
            phase(Phase.BASELINE, baseline),
            phase(Phase.VALIDATION, validation),
            phase(Phase.COMBINATION, combination),
            phase(Phase.EXPLOITATION, exploitation),
            phase(Phase.CONFIRMATION, 8));
    return new Plan(
        plan.campaignId(),
        phases,
        plan.hypotheses(),
        plan.cost(),
        plan.capMicros(),
        plan.stopRules(),
        plan.notTried());
  }

  private static PhasePlan phase(Phase phase, int trials) {
    return new PhasePlan(phase, trials, List.of(1L), new CostEstimate(0, 0, 0, ""), "");
  }

  private static World played(Plan plan, long capMicros, int rules) {
    World world = World.planned(SPEC, plan, rules);
    world.decide(List.of(), world.message("approve", world.planHash(), capMicros));
    world.play(trial -> World.ok(World.auc(trial)));
    return world;
  }

  private static Map<Phase, Integer> trained(World world) {
    Map<Phase, Integer> trained = new EnumMap<>(Phase.class);
    world.state.attempts().values().forEach(a -> trained.merge(a.trial().phase(), 1, Integer::sum));
    return trained;
  }

  private static List<CampaignEvent.SplitChanged> changes(World world) {
    return world.events.stream()
        .filter(CampaignEvent.SplitChanged.class::isInstance)
        .map(CampaignEvent.SplitChanged.class::cast)
        .toList();
  }

  /** A cap for so many runs at what they cost, and for the worst case of the last one. */
  private static long capFor(int runs) {
    return runs * RUN + SPEC.training().worstCaseMicros();
  }

  @Test
  void theApprovedPlanBindsAndNotTheFile() {
    // Confirmation reserves a quarter more than its 8 runs are expected to cost.
    World world = played(plan(1, 2, 0, 1), capFor(1 + 2 + 1 + 9), Decider.RULES);
    assertThat(trained(world))
        .isEqualTo(
            Map.of(
                Phase.BASELINE, 1,
                Phase.VALIDATION, 2,
                Phase.EXPLOITATION, 1,
                Phase.CONFIRMATION, 8));
    assertThat(changes(world)).isEmpty();
  }

  @Test
  void olderCampaignsFollowTheirFile() {
    World world = played(plan(1, 2, 0, 1), 0, 3);
    assertThat(trained(world)).containsEntry(Phase.BASELINE, 2).containsEntry(Phase.VALIDATION, 3);
  }

  @Test
  void whatTheCapSeemedTooSmallForIsAddedWhenRunsTurnOutCheaper() {
    World world = played(plan(2, 2, 0, 0), 0, Decider.RULES);
    assertThat(trained(world))
        .containsEntry(Phase.VALIDATION, 3)
        .containsEntry(Phase.COMBINATION, 1)
        .containsEntry(Phase.EXPLOITATION, 2)
        .as("nobody asked the executor for more pairs")
        .containsEntry(Phase.CONFIRMATION, 8);
    assertThat(changes(world))
        .extracting(CampaignEvent.SplitChanged::phase)
        .containsExactly(Phase.VALIDATION, Phase.COMBINATION, Phase.EXPLOITATION);
    assertThat(changes(world).get(2).reason())
        .isEqualTo("runs cost 7.2 GPU-seconds so far, and the cap lasts for 2 more");
    assertThat(world.state.split()).containsEntry(Phase.EXPLOITATION, 2);
    assertThat(CampaignSummary.counts(world.state, Phase.EXPLOITATION))
        .isEqualTo(new CampaignSummary.PhaseCounts("exploitation", 2, 2, 0, 0));
  }

  @Test
  void addsNoMoreThanTheCapLastsFor() {
    // One more than planned: the first phase that lacks trials gets it.
    World world = played(plan(2, 1, 0, 1), capFor(2 + 1 + 1 + 1 + 9), Decider.RULES);
    assertThat(changes(world))
        .containsExactly(
            new CampaignEvent.SplitChanged(
                Phase.VALIDATION,
                2,
                "runs cost 7.2 GPU-seconds so far, and the cap lasts for 1 more"));
    assertThat(trained(world))
        .containsEntry(Phase.EXPLOITATION, 1)
        .containsEntry(Phase.CONFIRMATION, 8);
    assertThat(world.state.settledMicros())
        .isLessThanOrEqualTo(world.state.approval().orElseThrow().capMicros());
  }
}
