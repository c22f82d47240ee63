package dev.dormouse.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Metric.Basis;
import dev.dormouse.model.Objective.Direction;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricDirectionsTest {
  @Test
  void aStudyHasItsOwnDirectionBeforeThatOfOthersAndOfTheName() {
    MetricDirections directions =
        new MetricDirections(
            List.of(
                stated("a", "score", Direction.MINIMIZE, Basis.MAPPING),
                stated("b", "auc", Direction.MINIMIZE, Basis.TAG)));

    assertThat(directions.of("a", "score").direction()).isEqualTo(Direction.MINIMIZE);
    assertThat(directions.of("c", "score").direction()).isEqualTo(Direction.MINIMIZE);
    assertThat(directions.of("b", "auc").direction()).isEqualTo(Direction.MINIMIZE);
    assertThat(directions.of("c", "auc").direction()).isEqualTo(Direction.MAXIMIZE);
    assertThat(directions.of("c", "ne").direction()).isEqualTo(Direction.MINIMIZE);
    assertThat(directions.of("c", "yield").isDirectionKnown()).isFalse();
  }

  @Test
  void studiesThatDisagreeSayNothingOfOthers() {
    MetricDirections directions =
        new MetricDirections(
            List.of(
                stated("a", "score", Direction.MINIMIZE, Basis.MAPPING),
                stated("b", "score", Direction.MAXIMIZE, Basis.MAPPING)));

    assertThat(directions.of("b", "score").direction()).isEqualTo(Direction.MAXIMIZE);
    assertThat(directions.of("c", "score").isDirectionKnown()).isFalse();
    assertThat(directions.opposingAnywhere("score", Direction.MAXIMIZE))
        .hasValueSatisfying(opposite -> assertThat(opposite.study()).isEqualTo("a"));
  }

  @Test
  void anImportIsBelievedBeforeACampaign() {
    MetricDirections directions =
        new MetricDirections(
            List.of(
                stated("a", "score", Direction.MAXIMIZE, Basis.OBJECTIVE),
                stated("a", "score", Direction.MINIMIZE, Basis.OPTION)));

    assertThat(directions.of("a", "score").direction()).isEqualTo(Direction.MINIMIZE);
    assertThat(directions.opposing("a", Direction.MINIMIZE)).isEmpty();
  }

  private static StatedDirection stated(
      String study, String metric, Direction direction, Basis basis) {
    return new StatedDirection(study, metric, direction, basis, "somewhere");
  }
}
