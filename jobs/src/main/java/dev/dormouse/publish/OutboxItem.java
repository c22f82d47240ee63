package dev.dormouse.publish;

import dev.dormouse.model.Digests;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One version of what one MLflow run is to show. Publishing it any number of times gives the same
 * run.
 *
 * @param key identity of this version, for the acknowledgement: {@code trial:<runId>:settled},
 *     {@code campaign:<id>@<digest>}
 * @param runKey identity of the MLflow run, kept in its tag {@value #KEY_TAG}
 * @param parentKey identity of the run that it is nested under
 * @param name shown by MLflow
 * @param status how the run stands
 * @param startedAt when it began
 * @param endedAt when it ended; empty while it goes on
 * @param params never change once published
 * @param tags replace earlier ones
 * @param metrics with steps; a point published before changes nothing
 * @param files text files by their path among the run's artifacts
 */
public record OutboxItem(
    String key,
    String runKey,
    Optional<String> parentKey,
    String name,
    Status status,
    Instant startedAt,
    Optional<Instant> endedAt,
    SortedMap<String, String> params,
    SortedMap<String, String> tags,
    List<Point> metrics,
    SortedMap<String, String> files) {

  /** The tag by which a run is found again. */
  public static final String KEY_TAG = "dormouse.key";

  private static final int DIGEST = 12;

  /** How an MLflow run stands; MLflow's own names. */
  public enum Status {
    RUNNING,
    FINISHED,
    FAILED,
    KILLED
  }

  /** A metric's value at a step; {@code at} tells repeated points apart from new ones. */
  public record Point(String metric, long step, double value, Instant at) {}

  public OutboxItem {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    metrics = List.copyOf(metrics);
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** This item with the digest of its content added to its key. */
  OutboxItem versioned() {
    return new OutboxItem(
        key + "@" + Digests.sha256(toString()).substring(0, DIGEST),
        runKey,
        parentKey,
        name,
        status,
        startedAt,
        endedAt,
        params,
        tags,
        metrics,
        files);
  }
}
