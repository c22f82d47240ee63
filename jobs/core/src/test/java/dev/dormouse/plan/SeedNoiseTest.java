package dev.dormouse.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeedNoiseTest {
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final String OWN = SPEC.study().id();

  @Test
  void prefersTheNoiseOfTheCampaignsOwnStudy() {
    assertThat(SeedNoise.sd(List.of(noise("a", 0.004), noise(OWN, 0.002), noise("b", 0.9)), SPEC))
        .isEqualTo(0.002);
  }

  @Test
  void takesTheUpperMedianOfOtherStudies() {
    assertThat(SeedNoise.sd(List.of(noise("a", 0.009), noise("b", 0.001), noise("c", 0.003)), SPEC))
        .isEqualTo(0.003);
    assertThat(SeedNoise.sd(List.of(noise("a", 0.004), noise("b", 0.002)), SPEC)).isEqualTo(0.004);
  }

  @Test
  void statesAPriorWhereNoStudySaysAnything() {
    assertThat(SeedNoise.sd(List.of(), SPEC)).isEqualTo(0.001);
  }

  @Test
  void heedsOnlyNoiseAboveZeroOfItsOwnMetric() {
    Insight otherMetric = insight(Insight.Kind.NOISE, OWN, "logloss", 0.5);
    Insight otherKind = insight(Insight.Kind.EFFECT, OWN, "auc", 0.5);

    assertThat(SeedNoise.sd(List.of(otherMetric, otherKind, noise(OWN, 0)), SPEC))
        .isEqualTo(SeedNoise.DEFAULT_SD);
    assertThat(SeedNoise.sd(List.of(otherMetric, noise("a", 0.007)), SPEC)).isEqualTo(0.007);
  }

  private static Insight noise(String study, double sd) {
    return insight(Insight.Kind.NOISE, study, "auc", sd);
  }

  private static Insight insight(Insight.Kind kind, String study, String metric, double mean) {
    return new Insight(
        kind.id() + "-" + study,
        kind,
        "",
        List.of(),
        new Step.None(),
        new TreeMap<>(Map.of("study", study)),
        List.of(),
        List.of(study),
        metric,
        Optional.of(
            new Insight.Effect(
                mean,
                mean,
                mean,
                mean,
                mean,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                OptionalDouble.empty(),
                3,
                1,
                1,
                1)),
        "",
        List.of());
  }
}
