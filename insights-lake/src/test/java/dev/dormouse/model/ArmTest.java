package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArmTest {
  @Test
  void armsThatDifferOnlyInSpellingAreTheSame() {
    Arm plain =
        Arm.of(Map.of("model", "DCN", "learning_rate", "0.001", "layers", "[64,32]", "bn", "true"));
    Arm odd =
        Arm.of(Map.of("model", "DCN", "learning_rate", "1e-3", "layers", "[64, 32]", "bn", "True"));
    assertThat(odd).isEqualTo(plain);
    assertThat(odd.configId()).isEqualTo(plain.configId());
  }

  @Test
  void changesTurnOneArmIntoTheOther() {
    Arm from = Arm.of(Map.of("model", "DCN", "a", "1", "b", "2"));
    Arm to = Arm.of(Map.of("model", "FM", "a", "1", "c", "3"));
    List<Change> changes = to.changesFrom(from);
    assertThat(changes)
        .containsExactly(
            new Change("b", "2", ""), new Change("c", "", "3"), new Change("model", "DCN", "FM"));
    assertThat(from.with(changes)).isEqualTo(to);
  }

  @Test
  void aSearchSpaceAdmitsOnlyItsOwnValues() {
    SearchSpace space =
        SearchSpace.of(
            List.of(
                Parameter.ofRange("lr", Parameter.Type.FLOAT, 1e-4, 1e-1, true),
                Parameter.ofChoices("k", Parameter.Type.INT, List.of("8", "16"))));
    assertThat(space.admits(new Change("lr", "0.001", "0.05"))).isTrue();
    assertThat(space.admits(new Change("lr", "0.001", "0.5"))).isFalse();
    assertThat(space.admits(new Change("k", "8", "12"))).isFalse();
    assertThat(space.admits(new Change("unknown", "1", "2"))).isFalse();
    assertThat(space.parameter("lr").orElseThrow().grid())
        .startsWith("0.0001")
        .endsWith("0.1")
        .hasSize(7);
  }

  @Test
  void aLogarithmicRangeMustBeginAboveZero() {
    assertThatThrownBy(() -> Parameter.ofRange("lr", Parameter.Type.FLOAT, 0, 1, true))
        .hasMessageContaining("must begin above 0");
  }
}
