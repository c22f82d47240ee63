package dev.dormouse.mlflow;

/**
 * A text file among the artifacts of a run.
 *
 * @param path below the run's artifacts, e.g. {@code plan/plan.md}
 * @param from source of its text
 * @param detail the text itself, or its name in the source
 */
public record Artifact(String path, From from, String detail) {

  /** Source of the text of a file. */
  public enum From {
    /** The artifact's detail. */
    TEXT,
    /** The end of an attempt's log; the detail is {@code trial/attempt}. */
    TRAINING_LOG,
    /** The campaign's report. */
    REPORT,
    /** The insights that the plan's hypotheses cite. */
    INSIGHTS
  }

  static Artifact text(String path, String text) {
    return new Artifact(path, From.TEXT, text);
  }
}
