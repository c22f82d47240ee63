package dev.dormouse.mlflow;

/** One version of an object that MLflow shows. Publishing it any number of times gives the same. */
sealed interface OutboxItem permits ExperimentItem, RunItem, ModelItem {

  /** The tag that identifies a run or model on the server. */
  String KEY_TAG = "dormouse.key";

  /**
   * Returns the identity of this version, for the acknowledgement: {@code trial:<runId>:settled},
   * {@code campaign:<id>@<digest>}.
   */
  String key();
}
