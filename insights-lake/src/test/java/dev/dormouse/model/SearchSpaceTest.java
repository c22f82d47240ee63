package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
  private static final Arm WIDE = Arm.of(Map.of("model", "dnn", "width", "128", "bn", "true"));
  private static final Arm NARROW = Arm.of(Map.of("model", "dcn", "width", "64", "rate", "0.1"));
  private static final SearchSpace LIST = SearchSpace.ofArms(List.of(WIDE, NARROW));

  @Test
  void theDimensionsOfAListAreTheValuesThatOccurInIt() {
    assertThat(LIST.dimensions().values())
        .containsExactly(
            Parameter.ofChoices("bn", Parameter.Type.BOOL, List.of("true")),
            Parameter.ofChoices("model", Parameter.Type.CATEGORICAL, List.of("dcn", "dnn")),
            Parameter.ofChoices("rate", Parameter.Type.FLOAT, List.of("0.1")),
            Parameter.ofChoices("width", Parameter.Type.INT, List.of("64", "128")));
    assertThat(LIST.parameters()).as("no arm outside the list may be made of them").isEmpty();
  }

  @Test
  void aListAdmitsItsArmsOnly() {
    assertThat(LIST.admits(WIDE, NARROW)).isTrue();
    assertThat(LIST.admits(WIDE.with("width", "64"), NARROW)).isFalse();
    assertThat(LIST).isEqualTo(SearchSpace.ofArms(List.of(WIDE, NARROW)));
  }
}
