package dev.dormouse.tracking;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * A run to create.
 *
 * @param startTime in milliseconds since 1970
 */
@JsonNaming(SnakeCaseStrategy.class)
public record NewRun(String experimentId, String runName, long startTime, List<MlflowEntry> tags) {
  public NewRun {
    tags = List.copyOf(tags);
  }
}
