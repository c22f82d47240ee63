package dev.dormouse.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.Phase;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrialValuesTest {
  private static final OptionalDouble NONE = OptionalDouble.empty();

  private static EvaluatedTrial trial(OptionalDouble value, OptionalDouble expected) {
    return new EvaluatedTrial(ExampleCampaign.BASELINE, Phase.VALIDATION, value, expected);
  }

  @Test
  void aStoppedTrialCountsAsExpectedAndAFailedOneAsTheWorst() {
    List<EvaluatedTrial> tried =
        List.of(
            trial(OptionalDouble.of(0.71), NONE),
            trial(OptionalDouble.of(0.60), NONE),
            trial(NONE, OptionalDouble.of(0.70)),
            trial(NONE, NONE));

    assertThat(TrialValues.values(tried)).containsExactly(0.71, 0.60, 0.70, 0.60);
    assertThat(TrialValues.mean(tried.subList(2, 3), ExampleCampaign.BASELINE))
        .as("an expectation is no result")
        .isEmpty();
  }
}
