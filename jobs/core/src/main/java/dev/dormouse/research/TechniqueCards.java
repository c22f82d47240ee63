package dev.dormouse.research;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Technique;
import dev.dormouse.table.Json;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.TechniquesTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The technique cards that ship with Dormouse. */
public final class TechniqueCards {
  private static final String RESOURCE = "techniques.yaml";
  static final String LICENCE = "own text, licence of this repository";

  private static final YAMLMapper MAPPER =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private TechniqueCards() {}

  /** Returns the cards that ship with Dormouse, in the order of their file; writes nothing. */
  public static List<Technique> builtIn() {
    try (InputStream in = TechniqueCards.class.getResourceAsStream(RESOURCE)) {
      return read(in);
    } catch (IOException e) {
      throw new UncheckedIOException("The built-in " + RESOURCE + " cannot be read", e);
    }
  }

  /**
   * Reads cards strictly.
   *
   * @throws IOException if a field is unknown or missing, or an id comes twice
   */
  static List<Technique> read(InputStream in) throws IOException {
    List<Technique> cards = MAPPER.readValue(in, new TypeReference<List<Technique>>() {});
    Set<String> ids = new HashSet<>();
    for (Technique card : cards) {
      if (!ids.add(card.techniqueId())) {
        throw new IOException(
            "Technique " + card.techniqueId() + " is there twice; give each card its own id");
      }
    }
    return List.copyOf(cards);
  }

  /** Writes the cards that table {@code techniques} does not have yet. */
  public static void record(SparkLake lake) {
    Set<String> there =
        lake.kernel().read(TechniquesTable.TABLE).rows().stream()
            .map(row -> row.text("technique_id"))
            .collect(Collectors.toSet());
    List<TableRow> missing =
        builtIn().stream()
            .filter(card -> !there.contains(card.techniqueId()))
            .map(TechniqueCards::encode)
            .toList();
    if (!missing.isEmpty()) {
      lake.mergeNew(TechniquesTable.TABLE, lake.rows(TechniquesTable.TABLE, missing));
    }
  }

  /** Returns the card as a row of table {@code techniques}. */
  static TableRow encode(Technique card) {
    return TableRow.of(TechniquesTable.TABLE)
        .set("technique_id", card.techniqueId())
        .set("title", card.title())
        .set("claim", card.claim())
        .set("mechanism", card.mechanism())
        .set("applies_when", card.when())
        .set("applies_to", card.appliesTo())
        .set("moves", Json.write(card.moves()))
        .set("expected_gain", card.expectedGain())
        .set("cost", card.cost())
        .set("known_failures", card.knownFailures())
        .set("reference", card.reference())
        .set("url", card.url())
        .set("licence", LICENCE)
        .build();
  }
}
