package dev.dormouse.mlflow;

import dev.dormouse.model.Digests;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one MLflow run is to show, or something to add to it.
 *
 * @param key identity of this version
 * @param runKey identity of the MLflow run, kept in its tag {@value OutboxItem#KEY_TAG}
 * @param parentKey identity of the run that it is nested under
 * @param name shown by MLflow
 * @param status how the run stands; a run that is over stays so, whatever is added
 * @param startedAt when it began
 * @param endedAt when it ended; empty while it goes on
 * @param dataSet what it was trained on
 * @param params never change once published
 * @param tags replace earlier ones
 * @param metrics with steps; a point published before changes nothing
 * @param files by their path among the run's artifacts
 */
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

  /** How an MLflow run stands; MLflow's own names. */
  enum Status {
    RUNNING,
    FINISHED,
    FAILED,
    KILLED
  }

  /** A metric's value at a step; {@code at} tells repeated points apart from new ones. */
  record Point(String metric, long step, double value, Instant at) {}

  RunItem {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    metrics = List.copyOf(metrics);
    files = List.copyOf(files);
  }

  /** This item with the digest of its content added to its key. */
  RunItem versioned() {
    return new RunItem(
        key + "@" + Digests.sha256(ItemText.of(this)).substring(0, DIGEST),
        runKey,
        parentKey,
        name,
        status,
        startedAt,
        endedAt,
        dataSet,
        params,
        tags,
        metrics,
        files);
  }

  /** Something to add to this run: points of its curves, tags, files. */
  RunItem addition(
      String additionKey,
      SortedMap<String, String> moreTags,
      List<Point> points,
      List<Artifact> moreFiles) {
    return new RunItem(
        additionKey,
        runKey,
        parentKey,
        name,
        Status.RUNNING,
        startedAt,
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(),
        moreTags,
        points,
        moreFiles);
  }
}
