package dev.dormouse.model;

import java.util.List;

/**
 * A card of research knowledge.
 *
 * @param techniqueId its short name
 * @param title its full name
 * @param claim its claim, in our own words
 * @param mechanism why it should work
 * @param when the circumstances in which it is worth trying
 * @param appliesTo model variants it applies to; empty: any
 * @param moves the parameters it touches, and where to move them
 * @param expectedGain expected gain in units of seed noise, as a rough prior
 * @param cost its expected cost, in words
 * @param knownFailures known ways in which it fails
 * @param reference its source: authors, title, year
 * @param url of the source
 */
public record Technique(
    String techniqueId,
    String title,
    String claim,
    String mechanism,
    String when,
    List<String> appliesTo,
    List<Move> moves,
    double expectedGain,
    String cost,
    String knownFailures,
    String reference,
    String url) {

  public Technique {
    appliesTo = List.copyOf(appliesTo);
    moves = List.copyOf(moves);
    if (moves.isEmpty()) {
      throw new IllegalArgumentException("Technique " + techniqueId + " touches no parameter");
    }
  }

  /**
   * Where a technique moves a parameter.
   *
   * @param parameter the parameter's name
   * @param kind {@code set} (to one of the values), {@code multiply} (by the factor in values) or
   *     {@code raise}/{@code lower} (one step of the search space)
   * @param values for {@code set}: values in order of preference; for {@code multiply}: factors
   */
  public record Move(String parameter, Kind kind, List<String> values) {
    /** How a parameter is moved. */
    public enum Kind {
      SET,
      MULTIPLY,
      RAISE,
      LOWER
    }

    public Move {
      values = List.copyOf(values);
    }
  }
}
