package dev.dormouse.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Step;
import dev.dormouse.table.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InsightJsonTest {
  @Test
  void isFlatAndInAFixedOrder() {
    Insight.Effect effect =
        new Insight.Effect(
            0.5,
            0.6,
            Double.NaN,
            0.25,
            0.75,
            OptionalDouble.of(0.125),
            OptionalDouble.of(1),
            0.9,
            OptionalDouble.empty(),
            7,
            3,
            2,
            0.8);
    assertThat(Json.write(InsightJson.of(insight(Optional.of(effect)))))
        .isEqualTo(
            "{\"insight_id\":\"i1\",\"kind\":\"effect\",\"statement\":\"It helps.\","
                + "\"parameters\":[\"lr\"],\"from\":\"0.1\",\"to\":\"0.2\",\"conditions\":{},"
                + "\"model_variants\":[\"dnn\"],\"studies\":[\"ads\"],"
                + "\"effect\":0.5,\"plain_effect\":0.6,\"interval\":[0.25,0.75],"
                + "\"prediction_interval\":[0.125,1.0],\"p_gain\":0.9,"
                + "\"n_pairs\":7,\"n_slices\":3,\"n_studies\":2,\"share_positive\":0.8,"
                + "\"metric\":\"score\",\"evidence\":[\"r1\"]}");
  }

  @Test
  void leavesOutNumbersThatAnInsightDoesNotHave() {
    assertThat(Json.write(InsightJson.of(insight(Optional.empty()))))
        .contains("\"studies\":[\"ads\"],\"metric\":\"score\"");
  }

  private static Insight insight(Optional<Insight.Effect> effect) {
    return new Insight(
        "i1",
        Insight.Kind.EFFECT,
        "It helps.",
        List.of("lr"),
        new Step.FromTo("0.1", "0.2"),
        new TreeMap<>(),
        List.of("dnn"),
        List.of("ads"),
        "score",
        effect,
        "",
        List.of("r1"));
  }
}
