package dev.dormouse.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TechniqueCardsTest {
  @Test
  void everyCardHasAReferenceAndFitsItsTable() {
    assertThat(TechniqueCards.builtIn())
        .hasSizeGreaterThanOrEqualTo(60)
        .allMatch(card -> card.url().startsWith("https://") && card.reference().matches(".*\\d{4}"))
        .noneMatch(card -> card.when().isBlank() || card.cost().isBlank())
        .noneMatch(card -> card.mechanism().isBlank() || card.knownFailures().isBlank())
        .allMatch(card -> TechniqueCards.encode(card).text("claim").equals(card.claim()));
  }

  @Test
  void refusesUnknownFields() {
    byte[] yaml =
        "- {techniqueId: a, title: t, claim: c, mechanism: m, when: w, appliesTo: [], expectedGain: 1, cost: c, moves: [{parameter: p, kind: RAISE, values: []}], knownFailures: k, reference: r, url: u, colour: red}"
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> TechniqueCards.read(new ByteArrayInputStream(yaml)))
        .hasMessageContaining("colour");
  }
}
