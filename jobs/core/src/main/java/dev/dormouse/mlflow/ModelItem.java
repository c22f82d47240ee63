package dev.dormouse.mlflow;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A confirmed winner as one of MLflow's logged models.
 *
 * @param key identity of the model, kept in its tag {@value OutboxItem#KEY_TAG}
 * @param runKey {@code runKey} of the run that has it as an output
 * @param name shown by MLflow
 * @param params of the model
 * @param tags of the model
 * @param metrics of the model, on the run's data set
 */
record ModelItem(
    String key,
    String runKey,
    String name,
    SortedMap<String, String> params,
    SortedMap<String, String> tags,
    List<RunItem.Point> metrics)
    implements OutboxItem {
  ModelItem {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    metrics = List.copyOf(metrics);
  }
}
