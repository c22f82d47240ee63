package dev.dormouse.tracking;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;

/**
 * A search for runs of an experiment.
 *
 * @param filter in MLflow's language; empty for all
 * @param orderBy e.g. {@code attributes.end_time ASC}; none for the newest first
 * @param maxResults the most runs of a page
 * @param pageToken of this page; empty for the first
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RunSearch(
    List<String> experimentIds,
    String filter,
    List<String> orderBy,
    int maxResults,
    Optional<String> pageToken) {
  public RunSearch {
    experimentIds = List.copyOf(experimentIds);
    orderBy = List.copyOf(orderBy);
  }

  /** The first page of a search whose order does not matter. */
  public static RunSearch of(String experimentId, String filter, int maxResults) {
    return new RunSearch(List.of(experimentId), filter, List.of(), maxResults, Optional.empty());
  }

  /** Returns the same search in this order. */
  public RunSearch orderedBy(String order) {
    return new RunSearch(experimentIds, filter, List.of(order), maxResults, pageToken);
  }

  /** Returns the search for another page. */
  public RunSearch page(Optional<String> token) {
    return new RunSearch(experimentIds, filter, orderBy, maxResults, token);
  }
}
