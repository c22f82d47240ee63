package dev.dormouse.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DeciderTest {
  private final CampaignSpec spec = ExampleCampaign.spec();

  private static <T extends CampaignEvent> List<T> all(List<CampaignEvent> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static String answer(Decision decision) {
    CampaignEvent.InboxAcked acked = all(decision.events(), CampaignEvent.InboxAcked.class).get(0);
    assertThat(acked.accepted()).isFalse();
    return acked.answer();
  }

  private static Observation notFound(Attempt attempt, World world) {
    return new Observation.NotFound(attempt.key(), world.now);
  }

  @Test
  void intendsNothingBeforeApproval() {
    World world = World.planned(spec);
    assertThat(world.decide(List.of()).events()).isEmpty();
  }

  @Test
  void refusesTheApprovalOfAnOlderPlan() {
    World world = World.planned(spec);
    Decision decision = world.decide(List.of(), world.message("approve", "0123456789abcdef", 0));
    assertThat(answer(decision)).contains("0123456789abcdef", "newest", world.planHash());
    assertThat(world.state.status()).isEqualTo(Status.WAITING_FOR_APPROVAL);
    assertThat(decision.commands()).isEmpty();
  }

  @Test
  void aRejectedPlanCannotBeApprovedAnyMore() {
    World world = World.planned(spec);
    String hash = world.planHash();
    assertThat(answer(world.decide(List.of(), world.message("reject", "0123456789abcdef", 0))))
        .contains("newest");
    world.decide(List.of(), world.message("reject", hash, 0));
    assertThat(world.state.status()).isEqualTo(Status.CREATED);
    assertThat(world.state.plan()).isEmpty();
    assertThat(world.state.touches().get(1).kind()).isEqualTo("reject");
    assertThat(answer(world.decide(List.of(), world.message("approve", hash, 0))))
        .contains("not waiting for approval");
    Plan other = ExampleCampaign.plan(spec);
    world.happens(CampaignEvent.Planned.of(other));
    world.decide(List.of(), world.message("approve", other.hash(), 0));
    assertThat(world.state.status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void aSmallerApprovalNeedsASmallerCap() {
    World world = World.planned(spec);
    long asked = world.state.plan().orElseThrow().capMicros();
    for (long cap : List.of(0L, asked, asked + 1)) {
      Decision refused =
          world.decide(List.of(), world.message("approve_smaller", world.planHash(), cap));
      assertThat(answer(refused)).contains("needs a cap above 0 and below the plan's");
    }
    world.decide(List.of(), world.message("approve_smaller", world.planHash(), asked - 1));
    assertThat(world.state.approval().orElseThrow().capMicros()).isEqualTo(asked - 1);
  }

  @Test
  void aRunThatWaitsIsKnownToBeLaunched() {
    World world = World.approved(spec, 0);
    Attempt attempt = world.state.open().get(0);
    world.decide(
        List.of(new Observation.Queued(attempt.key(), "run-1", Optional.of("it is paused"))));
    assertThat(world.state.attempts().get(attempt.key()).externalId()).contains("run-1");
  }

  @Test
  void anApprovalSetsTheCapAndStartsTheBaseline() {
    World world = World.planned(spec);
    Decision decision =
        world.decide(List.of(), world.message("approve", world.planHash(), 700_000));
    assertThat(world.state.approval().orElseThrow().capMicros()).isEqualTo(700_000);
    assertThat(world.state.phase()).contains(Phase.BASELINE);
    assertThat(decision.commands()).hasSize(2).hasOnlyElementsOfType(Command.Launch.class);
    assertThat(world.state.reservedMicros()).isEqualTo(2 * spec.training().worstCaseMicros());
  }

  @Test
  void answersAMessageOnce() {
    World world = World.planned(spec);
    InboxMessage approval = world.message("approve", world.planHash(), 0);
    world.decide(List.of(), approval, approval);
    assertThat(world.decide(List.of(), approval).events()).isEmpty();
    assertThat(all(world.events, CampaignEvent.InboxAcked.class)).hasSize(1);
  }

  @Test
  void refusesWhatDoesNotFitTheState() {
    World world = World.planned(spec);
    assertThat(answer(world.decide(List.of(), world.message("pause", "", 0))))
        .contains("waiting_for_approval", "not running");
    assertThat(answer(world.decide(List.of(), world.message("budget", "", 9))))
        .contains("no approved");
    assertThat(answer(world.decide(List.of(), world.message("dance", "", 0))))
        .contains("no such command");
    World running = World.approved(spec, 0);
    assertThat(answer(running.decide(List.of(), running.message("budget", "", 10))))
        .contains("spent and reserved already");
  }

  @Test
  void aPausedCampaignSettlesButLaunchesNothingUntilResumed() {
    World world = World.approved(spec, 0);
    List<Attempt> open = world.state.open();
    Decision paused =
        world.decide(
            List.of(
                new Observation.Ended(open.get(0).key(), "x", World.ok(0.7)),
                notFound(open.get(1), world)),
            world.message("pause", "", 0));
    assertThat(paused.commands()).isEmpty();
    assertThat(world.state.open()).containsExactly(open.get(1));
    Decision resumed =
        world.decide(List.of(notFound(open.get(1), world)), world.message("resume", "", 0));
    assertThat(resumed.commands()).hasOnlyElementsOfType(Command.Launch.class).hasSize(1);
  }

  @Test
  void aHaltedCampaignStopsItsRunsAtEveryLookAndIntendsNothingMore() {
    World world = World.approved(spec, 0);
    Attempt first = world.state.open().get(0);
    Observation running = new Observation.Running(first.key(), "x", List.of());
    assertThat(world.decide(List.of(running), world.message("halt", "", 0)).commands())
        .containsExactly(new Command.Stop(first.key(), "the campaign was halted"));
    assertThat(world.decide(List.of(running)).commands()).hasSize(1);
    Decision settled = world.allEnd(trial -> World.failed(RunStatus.INFRA));
    assertThat(settled.commands()).isEmpty();
    assertThat(all(settled.events(), CampaignEvent.Diagnosed.class))
        .allSatisfy(diagnosed -> assertThat(diagnosed.action()).isEqualTo("give_up"));
    assertThat(world.state.open()).isEmpty();
  }

  @Test
  void neverTakesTheUnknownForFailed() {
    World world = World.approved(spec, 0);
    Attempt first = world.state.open().get(0);
    Attempt second = world.state.open().get(1);
    world.now = first.launchNotAfter().plus(Duration.ofDays(3));
    Decision decision =
        world.decide(
            List.of(
                new Observation.Unknown(first.key(), "no answer"),
                new Observation.Running(second.key(), "x", List.of())));
    assertThat(decision.events())
        .containsExactly(new CampaignEvent.Launched(second.trial().trialId(), 1, "x"));
    assertThat(world.state.open()).hasSize(2);
  }

  @Test
  void launchesAgainWhatWasNotFoundInTimeUnderTheSameIdentity() {
    World world = World.approved(spec, 0);
    Attempt first = world.state.open().get(0);
    Decision decision = world.decide(List.of(notFound(first, world)));
    assertThat(decision.events()).isEmpty();
    assertThat(decision.commands())
        .containsExactly(new Command.Launch(first.key(), first.trial(), first.launchNotAfter()));
  }

  @Test
  void releasesAReservationOnlyWhenALaunchHasBecomeImpossible() {
    World world = World.approved(spec, 0);
    Attempt first = world.state.open().get(0);
    world.now = first.launchNotAfter().plusSeconds(1);
    assertThat(world.decide(List.of(notFound(first, world))).events()).isEmpty();
    world.now = first.launchNotAfter().plus(Duration.ofHours(1));
    Decision decision = world.decide(List.of(notFound(first, world)));
    assertThat(decision.events().get(0)).isInstanceOf(CampaignEvent.Released.class);
    assertThat(world.state.attempts().get(first.key()).released()).isTrue();
    assertThat(all(decision.events(), CampaignEvent.Intent.class))
        .extracting(CampaignEvent.Intent::attempt)
        .containsExactly(2);
  }

  @Test
  void goesThroughThePhasesInOrderAndConfirmsOnFreshSeeds() {
    World world = World.approved(spec, 0);
    world.play(trial -> World.ok(World.auc(trial)));
    assertThat(all(world.events, CampaignEvent.PhaseStarted.class))
        .extracting(CampaignEvent.PhaseStarted::phase)
        .containsExactly(Phase.values());
    Verdict verdict = world.state.verdict().orElseThrow();
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.CONFIRMED);
    assertThat(verdict.test()).isPresent();
    assertThat(verdict.validation().orElseThrow().pairs()).isEqualTo(6);
    assertThat(world.state.of(Phase.CONFIRMATION))
        .hasSize(12)
        .allSatisfy(attempt -> assertThat(attempt.trial().useTestSplit()).isTrue())
        .allSatisfy(attempt -> assertThat(attempt.trial().seed()).isGreaterThan(1000));
    assertThat(world.state.of(Phase.VALIDATION)).hasSize(3);
    assertThat(world.state.of(Phase.EXPLOITATION)).hasSizeBetween(1, 2);
  }

  @Test
  void saysThatNothingWasBetter() {
    World world = World.approved(spec, 0);
    world.play(trial -> World.ok(trial.arm().equals(ExampleCampaign.BASELINE) ? 0.75 : 0.70));
    assertThat(world.state.verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.NO_CANDIDATE);
  }

  @Test
  void saysThatTheWinnerLosesOnFreshSeeds() {
    World world = World.approved(spec, 0);
    world.play(
        trial -> {
          boolean flip = trial.phase() == Phase.CONFIRMATION;
          return World.ok(flip ? 1.4 - World.auc(trial) : World.auc(trial));
        });
    assertThat(world.state.verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.WORSE);
  }

  @Test
  void stopsIfTheBaselineNeverTrains() {
    World world = World.approved(spec, 0);
    world.play(trial -> World.failed(RunStatus.FAILED));
    Verdict verdict = world.state.verdict().orElseThrow();
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.STOPPED);
    assertThat(verdict.explanation()).contains("baseline did not train");
    assertThat(world.state.of(Phase.VALIDATION)).isEmpty();
  }

  @Test
  void triesAgainWhatTheMachineFailedButNotForEver() {
    World world = World.approved(spec, 0);
    world.play(
        trial ->
            trial.phase() == Phase.BASELINE && trial.seed() == 2
                ? World.failed(RunStatus.INFRA)
                : World.ok(World.auc(trial)));
    assertThat(world.state.of(Phase.BASELINE))
        .filteredOn(attempt -> attempt.trial().seed() == 2)
        .extracting(attempt -> attempt.key().attempt())
        .containsExactly(1, 2, 3);
    assertThat(world.state.verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
  }

  @Test
  void mendsADivergedArmOnceAsATrialOfItsOwn() {
    Function<TrialSpec, RunOutcome> outcomes =
        trial ->
            Double.parseDouble(trial.arm().value("learning_rate").orElseThrow()) > 0.005
                ? World.failed(RunStatus.DIVERGED)
                : World.ok(World.auc(trial));
    World world = World.approved(spec, 0);
    world.play(outcomes);
    List<TrialSpec> mended =
        world.state.of(Phase.VALIDATION).stream()
            .map(Attempt::trial)
            .filter(trial -> trial.source().equals(Optional.of(Source.RUNBOOK)))
            .toList();
    assertThat(mended).hasSize(1);
    assertThat(mended.get(0).arm().value("learning_rate")).contains("0.01");
    assertThat(mended.get(0).amends()).isPresent();
    assertThat(all(world.events, CampaignEvent.Diagnosed.class))
        .extracting(CampaignEvent.Diagnosed::action)
        .startsWith("amend", "give_up");
    assertThat(world.state.verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
  }

  @Test
  void keepsEnoughForConfirmationBack() {
    CampaignSpec long_ = ExampleCampaign.spec("true", ".", ExampleCampaign.trials(2, 3, 1, 90, 6));
    long cap = 12 * 2_000 + 2 * long_.training().worstCaseMicros() + 30_000;
    World world = World.approved(long_, cap);
    world.play(trial -> World.ok(World.auc(trial)));
    assertThat(world.state.verdict().orElseThrow().validation().orElseThrow().pairs()).isEqualTo(6);
    assertThat(world.state.of(Phase.EXPLOITATION).size()).isLessThan(90);
    assertThat(world.state.settledMicros()).isLessThanOrEqualTo(cap);
  }

  @Test
  void endsWithoutARunIfNotEvenOneFits() {
    World world = World.approved(spec, 10);
    Verdict verdict = world.state.verdict().orElseThrow();
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.STOPPED);
    assertThat(verdict.explanation()).contains("budget");
    assertThat(world.state.attempts()).isEmpty();
  }

  @Test
  void skipsPhasesWithoutTrials() {
    CampaignSpec search = ExampleCampaign.spec("true", ".", ExampleCampaign.trials(0, 2, 0, 0, 0));
    World world = World.approved(search, 0);
    world.play(trial -> World.ok(World.auc(trial)));
    assertThat(all(world.events, CampaignEvent.PhaseStarted.class))
        .extracting(CampaignEvent.PhaseStarted::phase)
        .containsExactly(Phase.VALIDATION);
    assertThat(world.state.verdict().orElseThrow().explanation()).contains("no confirmation");
  }

  @Test
  void chargesNoMoreThanWasReserved() {
    World world = World.approved(spec, 0);
    world.allEnd(trial -> World.outcome(RunStatus.OK, Map.of("auc", 0.7), Long.MAX_VALUE / 4));
    assertThat(world.state.settledMicros()).isEqualTo(2 * spec.training().worstCaseMicros());
  }

  /** A curve of 10 steps that ends at this value. */
  private static List<MetricPoint> curve(double end, int steps) {
    return LongStream.rangeClosed(1, steps)
        .mapToObj(step -> new MetricPoint("auc", step, end - 0.001 * (10 - step)))
        .toList();
  }

  private static RunOutcome whole(double auc) {
    return new RunOutcome(
        RunStatus.OK,
        new TreeMap<>(Map.of("auc", auc)),
        curve(auc, 10),
        World.START,
        World.START.plusSeconds(7),
        2_000,
        "result",
        "");
  }

  /** A campaign whose baseline has ended over five seeds, and which validates. */
  private static World validating() {
    World world =
        World.approved(ExampleCampaign.spec("true", ".", ExampleCampaign.trials(5, 3, 0, 0, 0)), 0);
    while (world.state.of(Phase.VALIDATION).isEmpty()) {
      world.allEnd(trial -> whole(0.7 + 0.0001 * trial.seed()));
    }
    return world;
  }

  @Test
  void abandonsARunThatStaysFarBehindAndStopsItUntilItHasEnded() {
    World world = validating();
    Attempt behind = world.state.open().get(0);
    Observation hopeless = new Observation.Running(behind.key(), "x", curve(0.68, 4));
    Decision decision = world.decide(List.of(hopeless));
    assertThat(all(decision.events(), CampaignEvent.Abandoned.class))
        .singleElement()
        .satisfies(abandoned -> assertThat(abandoned.reason()).contains("step 4", "behind"));
    assertThat(decision.commands()).hasOnlyElementsOfType(Command.Stop.class).hasSize(1);
    Decision again = world.decide(List.of(hopeless));
    assertThat(again.events()).isEmpty();
    assertThat(again.commands()).hasOnlyElementsOfType(Command.Stop.class).hasSize(1);
    world.decide(
        List.of(new Observation.Ended(behind.key(), "x", World.failed(RunStatus.ABANDONED))));
    assertThat(world.state.attempts().get(behind.key()).outcome().orElseThrow().status())
        .isEqualTo(RunStatus.ABANDONED);
    assertThat(world.state.diagnoses()).isEmpty();
  }

  @Test
  void anAbandonedRunCountsAsMuchLessAsItWasBehind() {
    World world = validating();
    Attempt behind = world.state.open().get(0);
    world.decide(List.of(new Observation.Running(behind.key(), "x", curve(0.68, 4))));
    RunOutcome stopped =
        new RunOutcome(
            RunStatus.ABANDONED,
            new TreeMap<>(),
            curve(0.68, 4),
            World.START,
            World.START.plusSeconds(3),
            800,
            "stopped",
            "");
    world.decide(List.of(new Observation.Ended(behind.key(), "x", stopped)));

    assertThat(Results.tried(world.state, spec))
        .filteredOn(tried -> tried.arm().equals(behind.trial().arm()))
        .singleElement()
        .satisfies(tried -> assertThat(tried.value()).as("it has no result").isEmpty())
        .satisfies(
            tried ->
                assertThat(tried.expected().orElseThrow())
                    .as("where its curve leads, not the worst result seen")
                    .isCloseTo(0.68, within(1e-9)));
  }

  @Test
  void goesOnWithARunThatIsWithinNoiseOrHasOnlyBegun() {
    World world = validating();
    Attempt run = world.state.open().get(0);
    assertThat(
            world.decide(List.of(new Observation.Running(run.key(), "x", curve(0.7, 4)))).events())
        .hasOnlyElementsOfType(CampaignEvent.Launched.class);
    assertThat(
            world.decide(List.of(new Observation.Running(run.key(), "x", curve(0.5, 2)))).events())
        .isEmpty();
  }

  @Test
  void neverAbandonsWhatMeasuresAGivenArm() {
    World world =
        World.approved(ExampleCampaign.spec("true", ".", ExampleCampaign.trials(7, 1, 0, 0, 0)), 0);
    world.allEnd(trial -> whole(0.7 + 0.0001 * trial.seed()));
    List<Attempt> open = world.state.open();
    world.decide(
        open.stream()
            .limit(2)
            .<Observation>map(a -> new Observation.Ended(a.key(), "x", whole(0.7)))
            .toList());
    Attempt run = world.state.open().get(0);
    assertThat(run.trial().phase()).isEqualTo(Phase.BASELINE);
    Decision decision =
        world.decide(List.of(new Observation.Running(run.key(), "x", curve(0.5, 9))));
    assertThat(all(decision.events(), CampaignEvent.Abandoned.class)).isEmpty();
  }

  @Test
  void waitsLongerEachTimeBeforeItTriesAgain() {
    World world = World.approved(spec, 0);
    List<Duration> waits = new ArrayList<>();
    for (int attempt = 1; attempt < 3; attempt++) {
      int failing = attempt;
      world.allEnd(trial -> trial.seed() == 2 ? World.failed(RunStatus.INFRA) : World.ok(0.7));
      Instant failed = world.now.minusSeconds(60);
      while (world.state.open().stream().noneMatch(a -> a.key().attempt() == failing + 1)) {
        world.now = world.now.minusSeconds(59);
        world.decide(List.of());
      }
      waits.add(Duration.between(failed, world.state.open().get(0).intentAt()));
    }
    assertThat(waits.get(0)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(61));
    assertThat(waits.get(1)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
    assertThat(world.state.of(Phase.VALIDATION)).isEmpty();
  }

  @Test
  void chargesARunInFullThatVanishesAfterItWasSeen() {
    World world = World.approved(spec, 0);
    Attempt first = world.state.open().get(0);
    world.decide(List.of(new Observation.Running(first.key(), "x", List.of())));
    world.now = first.launchNotAfter().plus(Duration.ofMinutes(6));
    assertThat(world.decide(List.of(notFound(first, world))).events()).isEmpty();
    world.now = world.now.plus(spec.training().timeout()).plusSeconds(40);
    world.decide(List.of(notFound(first, world)));
    Attempt vanished = world.state.attempts().get(first.key());
    assertThat(vanished.outcome().orElseThrow().status()).isEqualTo(RunStatus.INFRA);
    assertThat(vanished.settledMicros()).isEqualTo(first.reservedMicros());
  }

  @Test
  void goesByTheClockOfTheBackendWhenItReleases() {
    World world = World.approved(spec, 0);
    Attempt first = world.state.open().get(0);
    Observation asOfNow = notFound(first, world);
    world.now = world.now.plus(Duration.ofDays(1));
    assertThat(world.decide(List.of(asOfNow)).events()).isEmpty();
  }

  @Test
  void aPersonBringsAQuarantinedCampaignBack() {
    World world = World.approved(spec, 0);
    world.happens(new CampaignEvent.Quarantined("poison"));
    assertThat(world.decide(List.of()).events()).isEmpty();
    world.decide(List.of(), world.message("resume", "", 0));
    assertThat(world.state.status()).isEqualTo(Status.RUNNING);
    world.play(trial -> World.ok(World.auc(trial)));
    assertThat(world.state.verdict().orElseThrow().kind()).isEqualTo(Verdict.Kind.CONFIRMED);
  }
}
