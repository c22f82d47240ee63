package dev.dormouse.eval.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanningInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EpisodeTest {
  private static final ReplayCampaign CAMPAIGN =
      new ReplayCampaign(new Objective("loss", Objective.Direction.MINIMIZE, 0), Set.of());
  private static final int BUDGET = 8;

  @Test
  void anotherCampaignBeginsIfTheBaselineHasNoResultAndAllIsCharged() {
    List<Episode.Choice> choices = play(pool(2, 10));

    assertThat(choices)
        .extracting(choice -> choice.trial().phase())
        .startsWith(Phase.BASELINE, Phase.BASELINE, Phase.BASELINE, Phase.VALIDATION)
        .hasSize(BUDGET);
    assertThat(choices)
        .extracting(choice -> choice.result().configId())
        .startsWith("c0", "c1", "c2")
        .doesNotHaveDuplicates();
    assertThat(choices.get(2).evaluation())
        .as("oriented so that higher is better")
        .isEqualTo(new Regret.Evaluation(OptionalDouble.of(-0.002), 1));
  }

  @Test
  void endsWhenThePoolIsUsedUp() {
    assertThat(play(pool(0, 3))).hasSize(3);
    assertThat(play(pool(1, 1))).hasSize(1);
  }

  private static List<Episode.Choice> play(List<KnownResult> pool) {
    List<Arm> arms = pool.stream().map(KnownResult::arm).toList();
    PlanningInputs inputs =
        new PlanningInputs(
            new PlanningContext(
                CAMPAIGN.spec(arms, arms.get(0), BUDGET),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                0.001,
                new Plan.CostEstimate(1, 1, 1, "test")),
            List.of(),
            List.of());
    return new Episode(
            pool,
            CAMPAIGN,
            new Episode.Knowledge(inputs, HistoryPrior.none(), Optional.empty()),
            BUDGET,
            LearningCurves.HIDDEN)
        .play();
  }

  private static List<KnownResult> pool(int failed, int size) {
    List<KnownResult> pool = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      pool.add(
          new KnownResult(
              "t",
              "c" + i,
              Arm.of(Map.of("model", "m", "rate", "" + i)),
              i < failed ? OptionalDouble.empty() : OptionalDouble.of(-0.001 * i),
              List.of()));
    }
    return pool;
  }
}
