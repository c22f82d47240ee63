package dev.dormouse.tuning;

import static dev.dormouse.tuning.SampleCampaigns.NOISE;
import static dev.dormouse.tuning.SampleCampaigns.answer;
import static dev.dormouse.tuning.SampleCampaigns.answers;
import static dev.dormouse.tuning.SampleCampaigns.campaign;
import static dev.dormouse.tuning.SampleCampaigns.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.RunStatus;
import dev.dormouse.tuning.Outcome.Label;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PreferenceTest {
  @Test
  void onlyDifferencesBeyondTheirUncertaintyArePreferences() {
    PastCampaign campaign =
        campaign(
            "a",
            "a",
            0,
            answers(
                answer("bad", 0, 1),
                failed("broken", RunStatus.DIVERGED),
                answer("good", 0.004, 1),
                answer("like it", 0.003, 1)));

    assertThat(Preference.of(campaign))
        .extracting(pair -> pair.chosen().hypothesisId() + " > " + pair.rejected().hypothesisId())
        .containsExactly("good > bad", "good > broken", "like it > bad", "like it > broken");
    Preference first = Preference.of(campaign).get(0);
    assertThat(first.difference()).isEqualTo(OptionalDouble.of(0.004));
    assertThat(first.differenceSd())
        .as("the baseline is common to both")
        .isEqualTo(OptionalDouble.of(NOISE * Math.sqrt(2)));
    assertThat(Preference.of(campaign).get(1).difference()).isEmpty();
  }

  @Test
  void outcomesAreLabelledByTheirUncertainty() {
    assertThat(answer("h", 0.0024, 1).outcome().label()).contains(Label.BETTER);
    assertThat(answer("h", 0.0022, 1).outcome().label()).contains(Label.UNCLEAR);
    assertThat(answer("h", -0.0024, 1).outcome().label()).contains(Label.WORSE);
    assertThat(failed("h", RunStatus.OOM).outcome().label()).contains(Label.FAILED);
    assertThat(failed("h", RunStatus.INFRA).outcome().label()).as("the machine's fault").isEmpty();
    assertThat(failed("h", RunStatus.ABANDONED).outcome().label()).isEmpty();
  }
}
