package dev.dormouse.mlflow;

import dev.dormouse.model.Digests;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of an MLflow run, or an addition to it.
 *
 * @param key identity of this version
 * @param runKey identity of the MLflow run, kept in its tag {@value OutboxItem#KEY_TAG}
 * @param parentKey {@code runKey} of the run that it is nested under
 * @param name shown by MLflow
 * @param status state of the run; an addition, which has {@code RUNNING}, does not reopen a run
 * @param startedAt when it started
 * @param endedAt when it ended; empty while it is running
 * @param dataSet the data set that it was trained on
 * @param params never change once published
 * @param tags replace earlier ones
 * @param metrics with steps; a point that was published before changes nothing
 * @param files files among the run's artifacts
 */
@RecordBuilder
record RunItem(
    String key,
    String runKey,
    Optional<String> parentKey,
    String name,
    Status status,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<DataSetInput> dataSet,
    SortedMap<String, String> params,
    SortedMap<String, String> tags,
    List<Point> metrics,
    List<Artifact> files)
    implements OutboxItem {
  private static final int DIGEST = 12;

  /** State of an MLflow run; MLflow's own names. */
  enum Status {
    RUNNING,
    FINISHED,
    FAILED,
    KILLED
  }

  /** A metric's value at a step. MLflow ignores a point that it has with the same time. */
  record Point(String metric, long step, double value, Instant at) {}

  RunItem {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    metrics = List.copyOf(metrics);
    files = List.copyOf(files);
  }

  /** Returns this item with the digest of its content added to its key. */
  RunItem versioned() {
    return RunItemBuilder.builder(this)
        .key(key + "@" + Digests.sha256(ItemText.of(this)).substring(0, DIGEST))
        .build();
  }

  /** Returns an addition to this run: tags, points of its curves, files. */
  RunItem addition(
      String additionKey,
      SortedMap<String, String> moreTags,
      List<Point> points,
      List<Artifact> moreFiles) {
    return RunItemBuilder.builder(this)
        .key(additionKey)
        .status(Status.RUNNING)
        .endedAt(Optional.empty())
        .dataSet(Optional.empty())
        .params(new TreeMap<>())
        .tags(moreTags)
        .metrics(points)
        .files(moreFiles)
        .build();
  }
}
