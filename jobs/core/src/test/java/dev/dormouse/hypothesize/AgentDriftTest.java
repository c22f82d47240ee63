package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.cli.text.AgentDriftText;
import dev.dormouse.model.Source;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AgentDriftTest {
  private static final List<AgentDrift> CAMPAIGNS =
      List.of(campaign("a", 1, 4, 1), campaign("b", 2, 4, 2), campaign("c", 3, 0, 0));

  @Test
  void laterCampaignsAreComparedWithEarlierOnes() {
    List<AgentDrift> halves = AgentDrift.halves(CAMPAIGNS);

    assertThat(halves).extracting(AgentDrift::what).containsExactly("earlier half", "later half");
    assertThat(halves.get(0).shareBetter()).contains(0.25);
    assertThat(halves.get(1).shareBetter()).contains(0.5);
    assertThat(halves.get(1).trials()).isEqualTo(20);
    assertThat(halves.get(1).shareRepeats()).contains(0.25);
    assertThat(halves.get(1).shareOf(Source.SURROGATE)).contains(0.7);
    assertThat(CAMPAIGNS.get(2).coverage80()).as("nothing was validated").isEmpty();
    assertThat(AgentDrift.halves(CAMPAIGNS.subList(0, 1))).isEmpty();
  }

  @Test
  void itIsPrintedAsATable() {
    StringWriter text = new StringWriter();
    AgentDriftText.print(CAMPAIGNS, new PrintWriter(text));

    assertThat(text.toString().lines().toList().get(0))
        .contains("better", "in 80%", "repeats", "confirmed", "history", "surrogate")
        .doesNotContain("llm");
    assertThat(text.toString().lines().toList().get(1))
        .matches("a +2026-01-01 +10 +25% +50% +10% +1 +30% +70% *");
    assertThat(text.toString()).contains("later half");
  }

  private static AgentDrift campaign(String id, long repeats, long tried, long better) {
    return new AgentDrift(
        id,
        Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
        1,
        10,
        repeats,
        new TreeMap<>(Map.of("history", 3L, "surrogate", 7L)),
        new AgentDrift.Forecasts(tried, tried, better, tried / 2));
  }
}
