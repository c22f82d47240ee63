package dev.dormouse.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CampaignFoldTest {
  private final CampaignSpec spec = ExampleCampaign.spec();
  private final World world = World.approved(spec, 0);

  private void refuses(CampaignEvent event, String because) {
    CampaignState before = world.state;
    assertThatThrownBy(() -> world.happens(event))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(because);
    assertThat(world.state).isSameAs(before);
  }

  @Test
  void refusesAnEventOutOfSequence() {
    assertThatThrownBy(
            () ->
                CampaignFold.apply(
                    world.state,
                    world.state.lastSeq() + 2,
                    World.START,
                    new CampaignEvent.Struck("x")))
        .hasMessageContaining("does not follow");
  }

  @Test
  void refusesToBeginWithoutCreation() {
    assertThatThrownBy(
            () ->
                CampaignFold.apply(
                    CampaignState.unknown("x"), 1, World.START, new CampaignEvent.Struck("x")))
        .hasMessageContaining("begins without its creation");
  }

  @Test
  void refusesASecondCreationAndASecondApproval() {
    refuses(new CampaignEvent.Created(spec, "ann", Decider.RULES), "created twice");
    refuses(new CampaignEvent.Approved(world.planHash(), 1, "ann", "cli"), "approved while");
  }

  @Test
  void refusesAPlanUnderTheHashOfAnother() {
    World waiting = World.planned(spec);
    Plan plan = ExampleCampaign.plan(spec);
    assertThatThrownBy(() -> waiting.happens(new CampaignEvent.Planned("0000", plan)))
        .hasMessageContaining("another hash");
  }

  /** Recorded by the version that hashed the text of the records. */
  @Test
  void aPlanKeepsTheHashThatItWasRecordedWith() {
    String recorded = "63073179e5031064";
    Plan plan = ExampleCampaign.plan(spec);
    World old = new World();
    old.happens(new CampaignEvent.Created(spec, "ann", Decider.RULES));
    old.happens(new CampaignEvent.Planned(recorded, plan));
    assertThat(old.state.planHash()).contains(recorded);
    old.decide(List.of(), old.message("approve", plan.hash(), 0));
    assertThat(old.state.status()).isEqualTo(Status.WAITING_FOR_APPROVAL);
    old.decide(List.of(), old.message("approve", recorded, 0));
    assertThat(old.state.status()).isEqualTo(Status.RUNNING);
    assertThat(old.state.approval().orElseThrow().planHash()).isEqualTo(recorded);
  }

  @Test
  void refusesToReserveBeyondTheCap() {
    TrialSpec other = trial(Phase.BASELINE, 99);
    refuses(new CampaignEvent.Intent(other, 1, 2_000_000, World.START), "beyond its approved cap");
  }

  @Test
  void refusesASecondIntentOfAnAttemptAndOneBesideAnOpenAttempt() {
    TrialSpec open = world.state.open().get(0).trial();
    refuses(new CampaignEvent.Intent(open, 1, 1, World.START), "twice");
    refuses(new CampaignEvent.Intent(open, 2, 1, World.START), "another attempt is open");
  }

  @Test
  void refusesResultsOfRunsThatAreNotOpen() {
    TrialSpec open = world.state.open().get(0).trial();
    CampaignEvent settled = new CampaignEvent.Settled(open.trialId(), 1, World.ok(0.7));
    world.happens(settled);
    refuses(settled, "not open");
    refuses(new CampaignEvent.Launched(open.trialId(), 1, "x"), "not open");
    refuses(new CampaignEvent.Released(open.trialId(), 1, "x"), "not open");
  }

  @Test
  void refusesToGoBackToAnEarlierPhase() {
    world.happens(new CampaignEvent.PhaseStarted(Phase.COMBINATION, ""));
    refuses(new CampaignEvent.PhaseStarted(Phase.VALIDATION, ""), "goes back");
  }

  @Test
  void refusesToLeaveAnEnd() {
    world.happens(new CampaignEvent.Commanded("halt", "ann", "cli", "", 0));
    refuses(new CampaignEvent.Commanded("resume", "ann", "cli", "", 0), "while it is halted");
    refuses(new CampaignEvent.Commanded("halt", "ann", "cli", "", 0), "while it is halted");
    refuses(
        new CampaignEvent.Intent(trial(Phase.BASELINE, 9), 1, 1, World.START),
        "while it is halted");
  }

  @Test
  void refusesToFinishWhileRunsAreOpen() {
    Verdict verdict =
        new Verdict(
            Verdict.Kind.STOPPED, Optional.empty(), Optional.empty(), Optional.empty(), "why");
    refuses(new CampaignEvent.Finished(verdict), "while runs are open");
  }

  @Test
  void refusesToAnswerAMessageTwice() {
    refuses(new CampaignEvent.InboxAcked("m1", true, "done"), "answers m1 twice");
  }

  @Test
  void aDecisionThatGoesThroughEndsARowOfStrikes() {
    world.happens(new CampaignEvent.Struck("x"));
    world.happens(new CampaignEvent.Struck("x"));
    assertThat(world.state.strikes()).isEqualTo(2);
    world.happens(
        new CampaignEvent.Settled(
            world.state.open().get(0).trial().trialId(), 1, World.failed(RunStatus.INFRA)));
    assertThat(world.state.strikes()).isZero();
  }

  @Test
  void aQuarantinedCampaignStillSettlesWhatRuns() {
    world.happens(new CampaignEvent.Quarantined("x"));
    Decision decision = world.allEnd(trial -> World.ok(0.7));
    assertThat(decision.events()).hasOnlyElementsOfType(CampaignEvent.Settled.class).hasSize(2);
    assertThat(world.state.status()).isEqualTo(Status.QUARANTINED);
    assertThat(world.state.open()).isEqualTo(List.of());
  }

  private static TrialSpec trial(Phase phase, long seed) {
    return new TrialSpec(
        TrialSpec.id(phase, ExampleCampaign.BASELINE, seed),
        phase,
        ExampleCampaign.BASELINE,
        seed,
        1,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
