package dev.dormouse.tracking;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;

/** A data set that a run reads; its tags say what for. */
public record RunInput(List<MlflowEntry> tags, Dataset dataset) {
  private static final String CONTEXT = "mlflow.data.context";

  public RunInput {
    tags = tags == null ? List.of() : List.copyOf(tags);
    dataset = dataset == null ? new Dataset("", "", null, null, Optional.empty()) : dataset;
  }

  /**
   * A data set.
   *
   * @param sourceType kind of its source
   * @param source JSON that says where it is
   * @param profile JSON with its size, if it was measured
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Dataset(
      String name, String digest, String sourceType, String source, Optional<String> profile) {
    public Dataset {
      name = name == null ? "" : name;
      digest = digest == null ? "" : digest;
      sourceType = sourceType == null ? "" : sourceType;
      source = source == null ? "" : source;
      profile = profile == null ? Optional.empty() : profile;
    }
  }

  /** Returns a data set that a run is trained on. */
  public static RunInput training(Dataset dataset) {
    return new RunInput(List.of(new MlflowEntry(CONTEXT, "training")), dataset);
  }

  /** Returns whether the run was trained on it. */
  public boolean isTraining() {
    return MlflowRun.byKey(tags).getOrDefault(CONTEXT, "").startsWith("train");
  }
}
