package dev.dormouse.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlanTextTest {
  private static final Plan PLAN = ExampleCampaign.plan(ExampleCampaign.spec());

  @Test
  void whatTheStudyKnowsStandsBeforeTheHypothesesWithItsGainAndARunToCite() {
    String text = PlanText.markdown(knowing(List.of(known())));

    assertThat(text)
        .contains("## Known already", "confirmation compares the first of them with the baseline")
        .contains(
            "| embedding_dim: 16 -> 64, learning_rate: 0.001 -> 0.003 | +0.00600 +- 0.00050 | 0.99"
                + " | 2 runs of this study tried it, e.g. r105 |");
    assertThat(text.indexOf("## Known already")).isLessThan(text.indexOf("## Hypotheses"));
  }

  @Test
  void aStudyThatKnowsNothingBetterSaysNothing() {
    assertThat(PlanText.markdown(knowing(List.of()))).doesNotContain("Known already");
    assertThat(PlanText.markdown(PLAN)).doesNotContain("Known already");
  }

  private static Plan knowing(List<Hypothesis> better) {
    return new Plan(
        PLAN.campaignId(),
        PLAN.phases(),
        PLAN.hypotheses(),
        PLAN.cost(),
        PLAN.capMicros(),
        PLAN.stopRules(),
        PLAN.notTried(),
        Optional.of(new Plan.Basis("f1-0", 0.0005, better)));
  }

  private static Hypothesis known() {
    Arm arm = ExampleCampaign.BASELINE.with("embedding_dim", "64").with("learning_rate", "0.003");
    return new Hypothesis(
        "h-known",
        Source.HISTORY,
        "it gains",
        "2 runs of this study tried it, e.g. r105",
        arm,
        arm.changesFrom(ExampleCampaign.BASELINE),
        List.of("r105"),
        new Hypothesis.Forecast(0.006, 0.0005, 0.99, 0.05, 2_000),
        0,
        new TreeMap<>(),
        Optional.of("r105"));
  }
}
