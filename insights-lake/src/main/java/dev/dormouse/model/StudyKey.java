package dev.dormouse.model;

/**
 * Identifies a study: runs of one study may be compared with each other, runs of two studies never.
 *
 * @param dataset data set with its version, e.g. {@code movielenslatest_x1}
 * @param features feature set, e.g. a hash of the feature names
 * @param metric the metric compared, e.g. {@code auc}
 * @param split the split on which it is evaluated, e.g. {@code validation}
 */
public record StudyKey(String dataset, String features, String metric, String split) {
  /** The split on which campaigns compare arms. */
  public static final String VALIDATION = "validation";

  public StudyKey {
    for (String part : new String[] {dataset, features, metric, split}) {
      if (part.isBlank()) {
        throw new IllegalArgumentException(
            "A study needs dataset, features, metric and split; got '"
                + String.join("', '", dataset, features, metric, split)
                + "'");
      }
    }
  }

  /**
   * Returns the name of the study in the lake, e.g. {@code movielenslatest_x1/6f3a:auc@validation}.
   */
  public String id() {
    return dataset + "/" + features + ":" + metric + "@" + split;
  }
}
