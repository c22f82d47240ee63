package dev.dormouse.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Arm;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArmCodesTest {
  @Test
  void numbersKeepTheirOrderAndWordsHaveNone() {
    ArmCodes codes =
        ArmCodes.of(
            List.of(
                Arm.of(Map.of("rate", "0.01", "optimizer", "sgd")),
                Arm.of(Map.of("rate", "1e-4", "optimizer", "adam")),
                Arm.of(Map.of("rate", "2"))));

    assertThat(codes.isOrdered(0)).isFalse();
    assertThat(codes.isOrdered(1)).isTrue();
    assertThat(codes.codes(Arm.of(Map.of("rate", "0.0001", "optimizer", "sgd"))))
        .containsExactly(2, 1);
    assertThat(codes.codes(Arm.of(Map.of("rate", "2")))).as("unset").containsExactly(0, 3);
    assertThat(codes.codes(Arm.of(Map.of("rate", "0.5", "optimizer", "lion"))))
        .as("between two numbers, and a new word")
        .containsExactly(3, 3);
    assertThat(codes.codes(Arm.of(Map.of("rate", "100")))).containsExactly(0, 3);
  }

  @Test
  void manyNumbersShareCodes() {
    List<Arm> arms =
        IntStream.range(0, 2000).mapToObj(i -> Arm.of(Map.of("rate", "" + i))).toList();
    ArmCodes codes = ArmCodes.of(arms);

    int[] ofArms = arms.stream().mapToInt(arm -> codes.codes(arm)[0]).toArray();
    assertThat(ofArms).isSorted().doesNotContain(0).contains(1, codes.codeCount(0) - 1);
    assertThat(codes.codeCount(0)).isEqualTo(256);
  }
}
