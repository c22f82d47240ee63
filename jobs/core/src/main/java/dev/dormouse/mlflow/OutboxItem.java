package dev.dormouse.mlflow;

/**
 * One version of something that MLflow is to show. Publishing it any number of times gives the
 * same.
 */
sealed interface OutboxItem permits ExperimentItem, RunItem, ModelItem {

  /** The tag by which a run or model is found again. */
  String KEY_TAG = "dormouse.key";

  /**
   * Identity of this version, for the acknowledgement: {@code trial:<runId>:settled}, {@code
   * campaign:<id>@<digest>}.
   */
  String key();
}
