package dev.dormouse.tracking;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * What an import reads from a tracking server. Every method throws {@link
 * MlflowException.Unreachable} if there is no reply, and another {@link MlflowException} if the
 * server refuses the request or is no MLflow server.
 */
public interface MlflowSource {
  /** An experiment: runs under one name. */
  record Experiment(@JsonProperty("experiment_id") String id, String name) {}

  /**
   * A page of runs.
   *
   * @param nextToken token of the next page, if there is one
   */
  record Page(List<MlflowRun> runs, Optional<String> nextToken) {
    public Page {
      runs = List.copyOf(runs);
    }
  }

  /** Returns all experiments that are not deleted. */
  List<Experiment> experiments();

  /** Returns a page of the runs that match. */
  Page runs(RunSearch search);

  /** Returns the first points of a metric of a run, {@code max} at most. */
  List<MlflowMetric> history(String runId, String metric, int max);
}
