package dev.dormouse.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.cli.text.LearnText;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkTest;
import dev.dormouse.learn.LearnSummary.Fate;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.plan.PlanText;
import dev.dormouse.plan.Planner;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.tick.CampaignLog;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A campaign, then a second one on the same study, which was planned before the first one ended.
 * The tests follow each other: what one leaves in the lake the next one finds.
 */
@SparkTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LearnerTest {
  private static final Learner.Replanner PLANNER =
      (lake, spec, old) -> Planner.again(lake, spec, old, Optional.empty());

  @TempDir static Path dir;
  private static OwnStudy study;
  private static CampaignState first;
  private static String oldHash;

  @BeforeAll
  static void playTheFirst() {
    study = new OwnStudy(SparkExtension.emptyLake(dir.resolve("lake")));
    study.plan("first");
    oldHash = study.plan("second").hash();
    first = study.play("first");
    assertThat(first.verdict().map(Verdict::kind)).contains(Verdict.Kind.CONFIRMED);
    assertThat(OwnStudy.searched(first)).containsValue(RunStatus.DIVERGED);
  }

  private static LearnSummary learn(Learner.Replanner planner) {
    return Learner.of(study.lake.kernel()).learn(study.lake, planner, OwnStudy.NOW);
  }

  @Test
  @Order(1)
  void theEndOfACampaignIsSomethingToLearn() {
    Learner learner = Learner.of(study.lake.kernel());

    assertThat(learner.isUpToDate()).isFalse();
    assertThat(learner.ended())
        .singleElement()
        .asString()
        .startsWith("campaign first ended with +0.0");
  }

  @Test
  @Order(2)
  void aLearningThatDiesHalfwayLeavesTheOldPlanToApprove() {
    assertThatThrownBy(
            () ->
                learn(
                    (lake, spec, old) -> {
                      PLANNER.again(lake, spec, old).recordPlan(lake, OwnStudy.NOW);
                      throw new StackOverflowError("killed");
                    }))
        .hasMessage("killed");

    assertThat(study.state("second").planHash()).contains(oldHash);
    assertThat(Learner.of(study.lake.kernel()).isUpToDate()).isFalse();
  }

  @Test
  @Order(3)
  void whatCannotBePlannedIsToldAndTriedAgain() {
    LearnSummary summary =
        learn(
            (lake, spec, old) -> {
              throw new IllegalStateException("no plan today");
            });

    assertThat(summary.failures())
        .containsExactly("Campaign second cannot be planned again: no plan today");
    assertThat(Learner.of(study.lake.kernel()).isUpToDate()).isFalse();
  }

  @Test
  @Order(4)
  void theWaitingPlanIsReplacedAndTheReasonRecorded() {
    LearnSummary summary = learn(PLANNER);

    assertThat(summary.mining()).as("the learning that died mined all").isEmpty();
    assertThat(summary.plans())
        .singleElement()
        .satisfies(plan -> assertThat(plan.fate()).isEqualTo(Fate.REPLACED))
        .satisfies(plan -> assertThat(plan.oldHash()).isEqualTo(oldHash))
        .satisfies(
            plan ->
                assertThat(plan.reason())
                    .matches(
                        "replanned: campaign first ended with \\+0\\.00\\d\\d \\(confirmed\\) on the"
                            + " same study"));
    CampaignState second = study.state("second");
    assertThat(second.status()).isEqualTo(Status.WAITING_FOR_APPROVAL);
    assertThat(second.planHash()).contains(summary.plans().get(0).newHash());
    assertThat(second.planReason()).isEqualTo(summary.plans().get(0).reason());
    assertThat(CampaignLog.readWithEvents(study.lake.kernel(), "second").events())
        .filteredOn(logged -> logged.event() instanceof CampaignEvent.Planned)
        .hasSize(2);
    assertThat(plannedInTheLake()).isEqualTo(plannedInTheLog());
    assertThat(LearnText.lines(summary))
        .anyMatch(line -> line.contains("takes the place of " + oldHash));
  }

  private static Set<String> plannedInTheLog() {
    return study.state("second").plan().orElseThrow().hypotheses().stream()
        .map(Hypothesis::hypothesisId)
        .collect(Collectors.toSet());
  }

  private static Set<String> plannedInTheLake() {
    return study
        .lake
        .read(HypothesesTable.TABLE)
        .where("campaign_id = 'second' AND planned")
        .select("hypothesis_id")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .collect(Collectors.toSet());
  }

  @Test
  @Order(5)
  void aSecondLearningFindsNothing() {
    Learner learner = Learner.of(study.lake.kernel());

    assertThat(learner.isUpToDate()).isTrue();
    assertThat(learner.ended()).isEmpty();
    assertThat(LearnText.lines(learner.nothing()))
        .containsExactly("Nothing is new since the last learning.");
  }

  @Test
  @Order(5)
  void aLearningThatDiedBeforeItsLastWriteIsMended() {
    study.lake.replaceWhere(
        HypothesesTable.TABLE,
        "campaign_id = 'second'",
        study.lake.read(HypothesesTable.TABLE).where("false"));

    assertThat(learn(PLANNER).plans())
        .singleElement()
        .satisfies(plan -> assertThat(plan.fate()).isEqualTo(Fate.KEPT));
    assertThat(plannedInTheLake()).isEqualTo(plannedInTheLog());
  }

  @Test
  @Order(6)
  void theOldPlanCannotBeApproved() {
    study.approve("second", oldHash);
    study.tick();

    CampaignState second = study.state("second");
    assertThat(second.status()).isEqualTo(Status.WAITING_FOR_APPROVAL);
    assertThat(CampaignLog.readWithEvents(study.lake.kernel(), "second").events())
        .filteredOn(logged -> logged.event() instanceof CampaignEvent.InboxAcked)
        .singleElement()
        .satisfies(
            logged ->
                assertThat(((CampaignEvent.InboxAcked) logged.event()).answer())
                    .startsWith(
                        "plan "
                            + oldHash
                            + " is no longer valid: plan "
                            + second.planHash().orElseThrow()
                            + " took its place (replanned: campaign first ended with +0.0")
                    .endsWith("); read that one and answer about it"));
    assertThat(PlanText.markdown(second.plan().orElseThrow(), "h", second.planReason()))
        .contains("This plan replaces an earlier one: replanned: campaign first");
  }

  @Test
  @Order(7)
  void thePlanBeginsWithWhatTheFirstCampaignFound() {
    Arm winner = first.verdict().orElseThrow().winner().orElseThrow();
    Plan plan = study.state("second").plan().orElseThrow();
    Plan.Basis basis = plan.basis().orElseThrow();

    assertThat(basis.better()).isNotEmpty();
    Hypothesis best = basis.better().get(0);
    assertThat(best.arm()).isEqualTo(winner);
    assertThat(best.forecast().gain()).isPositive();
    assertThat(best.evidence()).allMatch(run -> run.startsWith("first")).hasSizeGreaterThan(5);
    assertThat(best.rationale()).contains("(campaign first)");
    assertThat(basis.betterBaseline())
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .startsWith("Campaign first confirmed ")
                    .endsWith("Consider it as the baseline of a new campaign."));
    assertThat(PlanText.markdown(plan))
        .contains("## Known already")
        .contains(basis.betterBaseline().orElseThrow());
  }

  @Test
  @Order(8)
  void noArmOfTheFirstCampaignIsTriedAgain() {
    Set<Arm> before = OwnStudy.searched(first).keySet();
    Plan plan = study.state("second").plan().orElseThrow();
    assertThat(plan.hypotheses()).extracting(Hypothesis::arm).doesNotContainAnyElementsOf(before);

    CampaignState second = study.play("second");

    assertThat(OwnStudy.searched(second).keySet()).isNotEmpty().doesNotContainAnyElementsOf(before);
    Set<Long> seeds = new HashSet<>(OwnStudy.confirmationSeeds(second));
    assertThat(seeds).hasSize(6).doesNotContainAnyElementsOf(OwnStudy.confirmationSeeds(first));
    Verdict verdict = second.verdict().orElseThrow();
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.CONFIRMED);
    assertThat(OwnStudy.truth(verdict.winner().orElseThrow()))
        .isGreaterThanOrEqualTo(
            OwnStudy.truth(first.verdict().orElseThrow().winner().orElseThrow()) - OwnStudy.NOISE);
  }

  @Test
  @Order(9)
  void anAnswerThatComesInTheMeantimeWins() {
    String hash = study.plan("third").hash();
    LearnSummary summary =
        learn(
            (lake, spec, old) -> {
              study.approve("third", hash);
              study.tick();
              return Planner.again(lake, OwnStudy.spec("third", 2), old, Optional.empty());
            });

    assertThat(summary.mining()).as("the second campaign brought new runs").isPresent();
    assertThat(summary.plans())
        .singleElement()
        .satisfies(plan -> assertThat(plan.fate()).isEqualTo(Fate.ANSWERED));
    assertThat(study.state("third").planHash()).contains(hash);
    assertThat(study.state("third").status()).isEqualTo(Status.RUNNING);
  }

  @Test
  @Order(10)
  void miningKnowsWhetherItIsUpToDate() {
    Miner.mine(study.lake, OwnStudy.NOW);
    assertThat(Miner.isUpToDate(study.lake.kernel())).isTrue();
    study.tick();
    assertThat(Miner.isUpToDate(study.lake.kernel())).as("the third campaign trains").isFalse();
  }
}
