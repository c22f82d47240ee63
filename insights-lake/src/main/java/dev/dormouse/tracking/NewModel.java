package dev.dormouse.tracking;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * A logged model to create.
 *
 * @param modelType free text that MLflow shows
 * @param sourceRunId the run that made it
 */
@JsonNaming(SnakeCaseStrategy.class)
public record NewModel(
    String experimentId,
    String name,
    String modelType,
    String sourceRunId,
    List<MlflowEntry> tags,
    List<MlflowEntry> params) {
  public NewModel {
    tags = List.copyOf(tags);
    params = List.copyOf(params);
  }
}
