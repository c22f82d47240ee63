package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IgnoredParametersTest {
  private static final IgnoredParameters IGNORED =
      new IgnoredParameters(
          new TreeMap<>(
              Map.of(
                  "DNN", new TreeSet<>(List.of("cross_layers", "heads")), "DCN", new TreeSet<>())));
  private static final Arm BASELINE = Arm.of(Map.of("model", "DCN", "cross_layers", "3"));

  @Test
  void armsThatDifferOnlyInWhatTheirModelIgnoresBecomeTheSame() {
    Arm one = Arm.of(Map.of("model", "DNN", "cross_layers", "4", "heads", "2", "width", "64"));
    Arm other = Arm.of(Map.of("model", "DNN", "cross_layers", "5", "width", "64"));

    assertThat(IGNORED.effective(one, BASELINE))
        .isEqualTo(IGNORED.effective(other, BASELINE))
        .isEqualTo(Arm.of(Map.of("model", "DNN", "cross_layers", "3", "width", "64")));
  }

  @Test
  void whatAModelUsesStays() {
    Arm arm = Arm.of(Map.of("model", "DCN", "cross_layers", "4"));

    assertThat(IGNORED.effective(arm, BASELINE)).isEqualTo(arm);
    assertThat(IgnoredParameters.NONE.effective(arm, BASELINE)).isEqualTo(arm);
    assertThat(IGNORED.byVariant()).containsOnlyKeys("DNN");
  }
}
