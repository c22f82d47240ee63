package dev.dormouse.mlflow;

import dev.dormouse.model.Digests;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.Json;
import java.util.Map;
import java.util.TreeMap;

/**
 * The data set that a run was trained on, as MLflow shows it.
 *
 * @param name data set with its version
 * @param digest distinguishes feature sets of one data set
 * @param source data set and feature set as JSON
 */
record DataSetInput(String name, String digest, String source) {
  private static final int DIGEST = 8;

  /** MLflow's limit. */
  private static final int NAME_LENGTH = 500;

  static DataSetInput of(StudyKey study) {
    return new DataSetInput(
        study.dataset().substring(0, Math.min(NAME_LENGTH, study.dataset().length())),
        Digests.sha256(study.dataset() + "/" + study.features()).substring(0, DIGEST),
        Json.write(
            new TreeMap<>(Map.of("dataset", study.dataset(), "features", study.features()))));
  }
}
