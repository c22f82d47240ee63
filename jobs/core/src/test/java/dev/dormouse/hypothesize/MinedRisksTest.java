package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MinedRisksTest {
  private static final Arm BASELINE = ExampleCampaign.BASELINE;
  private static final MinedRisks RISKS =
      risks(
          insight(Kind.FAILURE, "batch_size", "", "4096", 0.3, Map.of()),
          insight(Kind.FAILURE, "batch_size", "", "4096", 0.8, Map.of("learning_rate", "0.1")),
          insight(Kind.COST, "batch_size", "1024", "64", 4, Map.of()),
          insight(Kind.COST, "embedding_dim", "", "x2.00", 1.5, Map.of()),
          insight(Kind.COST, "learning_rate", "0.001", "0.01", 3, Map.of("model", "dcn")),
          insight(Kind.COST, "batch_size", "64", "4096", 1_000, Map.of()));

  @Test
  void theHighestFailureRateThatDescribesAnArmCounts() {
    Arm big = BASELINE.with("batch_size", "4096");

    assertThat(RISKS.pFailure(big)).isEqualTo(0.3);
    assertThat(RISKS.pFailure(big.with("learning_rate", "0.1"))).isEqualTo(0.8);
    assertThat(RISKS.pFailure(BASELINE)).as("nothing is known").isEqualTo(0.05);
  }

  @Test
  void costFactorsMultiplyAndAreTurnedRoundWithTheirStep() {
    Arm wide = BASELINE.with("embedding_dim", "32");

    assertThat(RISKS.costMicros(BASELINE)).isEqualTo(2_000);
    assertThat(RISKS.costMicros(wide)).isEqualTo(3_000);
    assertThat(RISKS.costMicros(BASELINE.with("batch_size", "1024"))).isEqualTo(500);
    assertThat(RISKS.costMicros(wide.with("batch_size", "1024"))).isEqualTo(750);
  }

  @Test
  void whatHoldsForOtherModelsTellsNoCost() {
    assertThat(RISKS.costMicros(BASELINE.with("learning_rate", "0.01"))).isEqualTo(2_000);
  }

  @Test
  void costsAreTrustedOnlyWithinAFactor() {
    assertThat(RISKS.costMicros(BASELINE.with("batch_size", "4096"))).isEqualTo(16_000);
  }

  private static MinedRisks risks(Insight... insights) {
    return new MinedRisks(
        new PlanningContext(
            ExampleCampaign.spec(),
            List.of(insights),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            0.001,
            new CostEstimate(1_000, 2_000, 5_000, "a test")));
  }

  private static Insight insight(
      Kind kind,
      String parameter,
      String from,
      String to,
      double mean,
      Map<String, String> conditions) {
    return new Insight(
        kind + "-" + parameter + to,
        kind,
        "it is so",
        List.of(parameter),
        Step.of(kind, from, to),
        new TreeMap<>(conditions),
        List.of(),
        List.of(),
        "any",
        Optional.of(
            new Insight.Effect(
                mean,
                mean,
                mean,
                mean,
                mean,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                0.9,
                OptionalDouble.empty(),
                9,
                3,
                3,
                0.9)),
        "",
        List.of("run-1"));
  }
}
