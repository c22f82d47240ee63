package dev.dormouse.caution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.caution.HistoryCoverage.PastArm;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryCoverageTest {
  /** Learning rates from 0.0001 to 0.1, embedding dimensions 8 to 64, batch sizes 64 to 4096. */
  private static final CampaignSpec SPEC = ExampleCampaign.spec();

  @Test
  void whatNoRunSetsOrVariesAndWhatIsAllowedButUntriedIsNamed() {
    List<PastArm> runs = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      runs.add(
          new PastArm(
              "news/v1:auc@validation",
              Arm.of(
                  Map.of(
                      "model", "fm",
                      "learning_rate", i % 2 == 0 ? "0.0001" : "0.001",
                      "embedding_dim", "16"))));
    }

    assertThat(new HistoryCoverage(SPEC, runs).cautions())
        .containsExactly(
            new Caution(
                "coverage",
                "No past run sets batch_size, and none varies embedding_dim (always 16): what these"
                    + " do is unknown."),
            new Caution(
                "coverage", "Allowed, but not tried in any past run: learning_rate above 0.001."),
            new Caution(
                "bias",
                "Of 6 past runs with this metric 100% are of study news/v1:auc@validation and 100%"
                    + " are of model fm: forecasts follow these most."));
  }

  @Test
  void choicesThatWereNotTriedAreNamed() {
    List<PastArm> runs = new ArrayList<>();
    for (String rate : List.of("0.0001", "0.1")) {
      for (String dimension : List.of("8", "16", "32")) {
        for (String batch : List.of("64", "1024", "4096")) {
          runs.add(
              new PastArm(
                  "study " + runs.size() % 3,
                  Arm.of(
                      Map.of(
                          "model", "m" + runs.size() % 4,
                          "learning_rate", rate,
                          "embedding_dim", dimension,
                          "batch_size", batch))));
        }
      }
    }

    assertThat(new HistoryCoverage(SPEC, runs).cautions())
        .containsExactly(
            new Caution("coverage", "Allowed, but not tried in any past run: embedding_dim 64."));
  }

  @Test
  void anArmsValuesThatNoRunHasTriedAreTold() {
    List<PastArm> runs = new ArrayList<>();
    for (String rate : List.of("0.0001", "0.001", "0.002")) {
      runs.add(
          new PastArm(
              "news", Arm.of(Map.of("model", "fm", "learning_rate", rate, "embedding_dim", "32"))));
    }
    HistoryCoverage coverage = new HistoryCoverage(SPEC, runs);
    Arm baseline = SPEC.baseline();

    assertThat(coverage.untried(baseline)).isEmpty();
    assertThat(coverage.untried(baseline.with("embedding_dim", "32"))).isEmpty();
    assertThat(coverage.untried(baseline.with("embedding_dim", "8")))
        .containsExactly(new Change("embedding_dim", "16", "8"));
    assertThat(coverage.untried(baseline.with("learning_rate", "0.0015")))
        .as("between values that were tried")
        .isEmpty();
    assertThat(coverage.untried(baseline.with("learning_rate", "0.01")))
        .as("beyond the end that runs have reached")
        .hasSize(1);
    assertThat(coverage.untried(baseline.with("batch_size", "1024")))
        .as("no run sets it")
        .hasSize(1);
  }

  @Test
  void aStepBeyondWhatWasTriedIsNoLeap() {
    List<PastArm> runs = new ArrayList<>();
    for (String rate : List.of("0.0001", "0.001")) {
      runs.add(new PastArm("news", Arm.of(Map.of("model", "fm", "learning_rate", rate))));
    }
    HistoryCoverage coverage = new HistoryCoverage(SPEC, runs);
    Arm baseline = SPEC.baseline();

    assertThat(coverage.isNextToTried(baseline.with("learning_rate", "0.003"))).isTrue();
    assertThat(coverage.isNextToTried(baseline.with("learning_rate", "0.1"))).isFalse();
    assertThat(coverage.isNextToTried(baseline.with("embedding_dim", "32")))
        .as("next to the baseline's 16")
        .isTrue();
    assertThat(coverage.isNextToTried(baseline.with("embedding_dim", "64"))).isFalse();
    assertThat(coverage.isNextToTried(baseline.with("learning_rate", "0.0005"))).isTrue();
  }

  @Test
  void withoutRunsNothingIsKnown() {
    assertThat(new HistoryCoverage(SPEC, List.of()).cautions())
        .extracting(Caution::text)
        .containsExactly(
            "No past run has metric auc: nothing but research and this campaign's own results"
                + " guides it.");
  }
}
