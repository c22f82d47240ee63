package dev.dormouse.airflow;

/**
 * A line of a task's log.
 *
 * @param level info, warning, error or critical; empty if it has none
 * @param text message
 */
public record LogLine(String level, String text) {
  /** Returns whether the line reports an error. */
  public boolean isError() {
    return level.equals("error") || level.equals("critical");
  }
}
