package dev.dormouse.model;

import java.util.Objects;

/**
 * One parameter's value, from -> to.
 *
 * @param parameter its name; {@value Arm#MODEL} for the model variant
 * @param from the value before, canonical; empty if the parameter was not set
 * @param to the value after, canonical; empty if it is no longer set
 */
public record Change(String parameter, String from, String to) {
  public Change {
    Objects.requireNonNull(parameter, "parameter");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
  }

  /** Returns the change back. */
  public Change reverted() {
    return new Change(parameter, to, from);
  }

  @Override
  public String toString() {
    return parameter
        + ": "
        + (from.isEmpty() ? "unset" : from)
        + " -> "
        + (to.isEmpty() ? "unset" : to);
  }
}
