package dev.dormouse.runbook;

import dev.dormouse.model.Change;
import java.util.Locale;

/** The reaction to a failure. */
public sealed interface Remedy {
  /** The kind of remedy. */
  Action action();

  /** An explanation for people, one sentence. */
  String detail();

  /** The kinds of remedy. */
  enum Action {
    /** Train the same arm again. */
    RETRY,
    /** Train a changed arm as a trial of its own. */
    AMEND,
    /** Do nothing: the failure is the result. */
    GIVE_UP;

    /** The name as stored in the lake, e.g. {@code give_up}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Train the same arm again. */
  record Retry(String detail) implements Remedy {
    @Override
    public Action action() {
      return Action.RETRY;
    }
  }

  /** Train the arm with this change as a trial of its own. */
  record Amend(Change change, String detail) implements Remedy {
    @Override
    public Action action() {
      return Action.AMEND;
    }
  }

  /** Do nothing: the failure is the result. */
  record GiveUp(String detail) implements Remedy {
    @Override
    public Action action() {
      return Action.GIVE_UP;
    }
  }
}
