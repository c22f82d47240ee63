package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.stats.ForecastOutcome;
import dev.dormouse.table.Json;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TrainingPairsTest {
  private static final double NOISE = 0.001;

  @Test
  void outcomesBeyondNoiseLabelPairsWithinACampaign() {
    List<String> lines =
        TrainingPairs.lines(
            List.of(
                outcome("a", "good", OptionalDouble.of(0.004)),
                outcome("a", "like it", OptionalDouble.of(0.003)),
                outcome("a", "bad", OptionalDouble.of(0)),
                outcome("a", "broken", OptionalDouble.empty()),
                outcome("b", "elsewhere", OptionalDouble.of(-0.5))),
            NOISE);

    assertThat(lines)
        .map(line -> Json.read(line, JsonNode.class))
        .extracting(
            pair ->
                pair.at("/chosen/hypothesis").asText()
                    + " > "
                    + pair.at("/rejected/hypothesis").asText())
        .containsExactly("good > bad", "good > broken", "like it > bad", "like it > broken");
    assertThat(Json.read(lines.get(1), JsonNode.class).at("/rejected/gain").isNull()).isTrue();
  }

  private static HypothesisOutcome outcome(
      String campaign, String hypothesis, OptionalDouble gain) {
    return new HypothesisOutcome(
        campaign,
        hypothesis,
        "claim",
        "why",
        List.of("k: 1 -> 2"),
        new ForecastOutcome("llm", -0.001, 0.001, 0.003, 0.05, gain),
        OptionalDouble.of(NOISE));
  }
}
