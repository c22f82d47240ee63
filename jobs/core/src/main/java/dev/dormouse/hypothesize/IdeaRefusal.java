package dev.dormouse.hypothesize;

/**
 * The reason why a language model's idea was refused.
 *
 * @param kind the kind of reason
 * @param detail a sentence for people; never quotes the model
 */
public record IdeaRefusal(Kind kind, String detail) {
  /** Kinds of reasons. */
  public enum Kind {
    /** No reply came, because of a cap, a limit or the provider. */
    NO_REPLY,
    /** The reply is not JSON, or violates the schema. */
    SCHEMA_VIOLATION,
    /** It changes a parameter that the search space does not have. */
    UNKNOWN_PARAMETER,
    /** Its value or arm is outside the search space. */
    OUTSIDE_THE_SPACE,
    /** The arm is the baseline. */
    NO_CHANGE,
    /** It is about a cap, a budget, a limit, an approval or a guardrail. */
    TOUCHES_A_CAP,
    /** A text names a workflow, a path, an address, a command or markup. */
    FORBIDDEN_TEXT,
    /** It cites a source that is not part of the context. */
    UNKNOWN_SOURCE,
    /** Its numbers are not finite, out of order, or not probabilities. */
    INVALID_FORECAST,
    /** A run would cost more than is left of the budget. */
    TOO_EXPENSIVE,
    /** Another source, or an earlier idea, proposes the same arm. */
    DUPLICATE,
    /** It says the same as an earlier idea in other words. */
    NEAR_DUPLICATE,
    /** This study has a run of the arm already. */
    ALREADY_TRIED,
    /** Most runs like it fail, or the critique found it infeasible. */
    INFEASIBLE,
    /** There are more ideas than were asked for, or than the share of trials allows. */
    TOO_MANY
  }
}
