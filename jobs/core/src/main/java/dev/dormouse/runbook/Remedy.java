package dev.dormouse.runbook;

import dev.dormouse.model.Change;
import java.util.Locale;
import java.util.Optional;

/**
 * What to do about a failure.
 *
 * @param action the sort of remedy
 * @param change for {@link Action#AMEND}: what to change
 * @param detail for people, one sentence
 */
public record Remedy(Action action, Optional<Change> change, String detail) {
  /** The sorts of remedy. */
  public enum Action {
    /** Train the same arm again. */
    RETRY,
    /** Train a mended arm as a trial of its own. */
    AMEND,
    /** Leave it: the failure is the result. */
    GIVE_UP;

    /** The name as stored in the lake, e.g. {@code give_up}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Nothing is done; the failure is the result. */
  public static Remedy giveUp(String why) {
    return new Remedy(Action.GIVE_UP, Optional.empty(), why);
  }
}
