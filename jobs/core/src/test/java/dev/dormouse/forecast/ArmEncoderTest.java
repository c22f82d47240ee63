package dev.dormouse.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Arm;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArmEncoderTest {
  private static final List<Arm> ARMS =
      Stream.of("0", "0.9", "0.99", "0.999").map(ArmEncoderTest::arm).toList();

  @Test
  void ranksSpaceNumbersAsWhoeverListedThemDid() {
    assertThat(places(ArmEncoder.byRank(ARMS))).containsExactly(0, 1.0 / 3, 2.0 / 3, 1);
  }

  @Test
  void ownScaleKeepsDistances() {
    assertThat(places(ArmEncoder.of(List.of(arm("2"), arm("3"), arm("4")))))
        .containsExactly(-1, -0.55, -0.505, -0.5005);
  }

  @Test
  void whatDoesNotVaryIsLeftOut() {
    assertThat(ArmEncoder.byRank(ARMS.subList(0, 1)).encode(ARMS.get(0))).isEmpty();
  }

  private static double[] places(ArmEncoder encoder) {
    return ARMS.stream().mapToDouble(arm -> encoder.encode(arm)[0]).toArray();
  }

  private static Arm arm(String beta) {
    return Arm.of(Map.of("model", "dnn", "beta", beta));
  }
}
