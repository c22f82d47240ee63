package dev.dormouse.hypothesize;

/**
 * Why something that a language model wrote was not taken up.
 *
 * @param kind the reason
 * @param detail for people: names only what is ours, never the model's own words
 */
public record IdeaRefusal(Kind kind, String detail) {
  /** Reasons for refusing. */
  public enum Kind {
    /** No reply came: cap, limits, provider. */
    NO_REPLY,
    /** The reply is not JSON, or not of the schema. */
    NOT_THE_SCHEMA,
    /** A parameter that the campaign may not touch. */
    UNKNOWN_PARAMETER,
    /** A value or an arm outside the search space. */
    OUTSIDE_THE_SPACE,
    /** The arm is the baseline. */
    CHANGES_NOTHING,
    /** It would touch a cap, a budget, a limit, an approval or a guardrail. */
    RAISES_A_CAP,
    /** A text names a workflow, a path, an address, a command or markup. */
    NAMES_WHAT_IT_MUST_NOT,
    /** It cites what it was not given. */
    UNKNOWN_SOURCE,
    /** Numbers that are no forecast: not finite, out of order, no probability. */
    NO_FORECAST,
    /** A run that costs more than is left. */
    TOO_EXPENSIVE,
    /** Another source, or an earlier idea, proposes the same arm. */
    DUPLICATE,
    /** Says the same as an earlier idea in other words. */
    NEAR_DUPLICATE,
    /** This study has a run of the arm already. */
    TRIED,
    /** Runs like it fail more often than not, or the critique found it infeasible. */
    INFEASIBLE,
    /** More ideas than were asked for, or than its share of the slots. */
    TOO_MANY
  }
}
