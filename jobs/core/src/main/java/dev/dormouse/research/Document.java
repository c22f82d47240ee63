package dev.dormouse.research;

import dev.dormouse.model.Technique;
import dev.dormouse.model.Technique.Move;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A card or a paper, with the fields that searching needs.
 *
 * @param id id of the card or paper, cited by hypotheses
 * @param kind card or paper
 * @param title its title
 * @param text the text to search
 * @param scope where it applies
 * @param source reference and URL, for people
 * @param licence licence of its text
 * @param embedding embedding of its text; empty if it has none yet
 */
public record Document(
    String id,
    Kind kind,
    String title,
    String text,
    Scope scope,
    String source,
    String licence,
    List<Float> embedding) {
  /** The kind of a document. */
  public enum Kind {
    CARD,
    PAPER
  }

  public Document {
    embedding = List.copyOf(embedding);
  }

  /**
   * Where a document applies.
   *
   * @param parameters the parameters that a card moves; empty for a paper
   * @param settings the values that a card sets parameters to; one of them must be allowed
   * @param models the model variants that it applies to; empty: any
   */
  public record Scope(
      Set<String> parameters, Map<String, List<String>> settings, List<String> models) {
    static final Scope ANY = new Scope(Set.of(), Map.of(), List.of());

    public Scope {
      parameters = Set.copyOf(parameters);
      settings = Map.copyOf(settings);
      models = List.copyOf(models);
    }
  }

  /** Returns a technique card as a document. */
  public static Document of(Technique card) {
    return new Document(
        card.techniqueId(),
        Kind.CARD,
        card.title(),
        String.join(
            " ", card.title(), card.claim(), card.mechanism(), card.when(), words(card.moves())),
        new Scope(
            card.moves().stream().map(Move::parameter).collect(Collectors.toSet()),
            card.moves().stream()
                .filter(move -> move.kind() == Move.Kind.SET)
                .collect(Collectors.toMap(Move::parameter, Move::values, (a, b) -> a)),
            card.appliesTo()),
        card.reference() + ", " + card.url(),
        TechniqueCards.LICENCE,
        List.of());
  }

  /** Returns a paper as a document; {@code embedding} is empty if none is stored. */
  public static Document of(Paper paper, List<Float> embedding) {
    return new Document(
        paper.paperId(),
        Kind.PAPER,
        paper.title(),
        paper.text(),
        Scope.ANY,
        paper.byline() + ", " + paper.url(),
        paper.licence(),
        embedding);
  }

  Document withEmbedding(List<Float> vector) {
    return new Document(id, kind, title, text, scope, source, licence, vector);
  }

  private static String words(List<Move> moves) {
    return moves.stream()
        .map(move -> move.parameter().replace('_', ' ') + " " + String.join(" ", move.values()))
        .collect(Collectors.joining(" "));
  }
}
