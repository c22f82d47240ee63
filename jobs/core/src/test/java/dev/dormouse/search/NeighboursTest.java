package dev.dormouse.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Arm;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  private static final SearchSpace SPACE =
      SearchSpace.of(
          List.of(
              Parameter.ofChoices("model", Parameter.Type.CATEGORICAL, List.of("DCN", "DNN")),
              Parameter.ofChoices("cross_layers", Parameter.Type.INT, List.of("2", "3", "4")),
              Parameter.ofChoices("width", Parameter.Type.INT, List.of("16", "32", "64"))));
  private static final Arm BASELINE = arm("DCN", "3", "32");
  private static final Neighbours NEIGHBOURS =
      new Neighbours(
          SPACE,
          BASELINE,
          new IgnoredParameters(
              new TreeMap<>(Map.of("DNN", new TreeSet<>(List.of("cross_layers"))))));

  @Test
  void whatAModelIgnoresIsNotMoved() {
    assertThat(NEIGHBOURS.oneMove(arm("DNN", "3", "32")))
        .containsExactlyInAnyOrder(
            arm("DCN", "3", "32"), arm("DNN", "3", "16"), arm("DNN", "3", "64"));
  }

  @Test
  void anArmThatMovesToAnotherModelHasWhatThatIgnoresFromTheBaseline() {
    assertThat(NEIGHBOURS.oneMove(arm("DCN", "4", "32")))
        .contains(arm("DNN", "3", "32"))
        .doesNotContain(arm("DNN", "4", "32"));
  }

  @Test
  void withoutKnowledgeEverythingIsMoved() {
    assertThat(
            new Neighbours(SPACE, BASELINE, IgnoredParameters.NONE).oneMove(arm("DNN", "3", "32")))
        .contains(arm("DNN", "2", "32"), arm("DNN", "4", "32"));
  }

  private static Arm arm(String model, String crossLayers, String width) {
    return Arm.of(Map.of("model", model, "cross_layers", crossLayers, "width", width));
  }
}
