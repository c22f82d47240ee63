package dev.dormouse.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * What an import asks of an MLflow tracking server. Every method throws {@link
 * SourceUnreachableException} if there is no answer, and {@link ImportException} if the answer is
 * not one of MLflow.
 */
interface MlflowApi {
  /** An experiment: runs under one name. */
  record Experiment(String id, String name) {}

  /**
   * Some runs.
   *
   * @param runs as the server tells them
   * @param next token of the next page, if there is one
   */
  record Page(List<JsonNode> runs, Optional<String> next) {}

  /**
   * One point of a metric's history.
   *
   * @param at when it was logged, in milliseconds since 1970
   */
  record Point(long step, long at, double value) {}

  /** All experiments that are not deleted. */
  List<Experiment> experiments();

  /**
   * A page of an experiment's runs, those that ended first before the others.
   *
   * @param filter in MLflow's language
   * @param token of this page; empty for the first
   * @param size how many at most
   */
  Page runs(String experimentId, String filter, Optional<String> token, int size);

  /** The first points of a metric of a run, {@code most} at most. */
  List<Point> history(String runId, String metric, int most);
}
