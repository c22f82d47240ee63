package dev.dormouse.mlflow;

/**
 * A text file among the artifacts of a run.
 *
 * @param path below the run's artifacts, e.g. {@code plan/plan.md}
 * @param from where its text comes from
 * @param detail the text itself, or what names it there
 */
public record Artifact(String path, From from, String detail) {

  /** Where the text of a file comes from. */
  public enum From {
    /** It is known from the campaign's log. */
    TEXT,
    /** The end of an attempt's log; the detail is {@code trial/attempt}. */
    TRAINING_LOG,
    /** The campaign's report. */
    REPORT,
    /** The insights that the plan's hypotheses rest on. */
    INSIGHTS
  }

  static Artifact text(String path, String text) {
    return new Artifact(path, From.TEXT, text);
  }
}
