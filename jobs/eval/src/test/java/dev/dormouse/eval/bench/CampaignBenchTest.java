package dev.dormouse.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CampaignBenchTest {
  @Test
  void campaignsFindPlantedSynergiesAndRarelyConfirmNullChanges() {
    CampaignBench.Result result = CampaignBench.run(20, 400, 7);

    assertThat(result.synergies()).isEqualTo(40);
    assertThat(result.synergiesFound()).isGreaterThanOrEqualTo(0.8);
    assertThat(result.antagonismsFound()).isGreaterThanOrEqualTo(0.8);
    assertThat(result.confirmed()).isGreaterThan(0.9);
    // At a rate of 1%, more than 10 of 400 occur once in a few hundred runs.
    assertThat(result.nullConfirmed()).isLessThanOrEqualTo(10 / 400.0);
  }
}
