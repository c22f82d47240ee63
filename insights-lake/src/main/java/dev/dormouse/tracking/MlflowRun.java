package dev.dormouse.tracking;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A run as a server describes it. Parts that the server leaves out are empty. */
public record MlflowRun(Info info, Data data, Inputs inputs, Outputs outputs) {
  public MlflowRun {
    info = info == null ? new Info("", "", "", "", 0, 0, "") : info;
    data = data == null ? new Data(List.of(), List.of(), List.of()) : data;
    inputs = inputs == null ? new Inputs(List.of()) : inputs;
    outputs = outputs == null ? new Outputs(List.of()) : outputs;
  }

  /**
   * Identity and state.
   *
   * @param startTime in milliseconds since 1970; 0 if unknown
   * @param endTime in milliseconds since 1970; 0 if unknown
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Info(
      String runId,
      String experimentId,
      String runName,
      String status,
      long startTime,
      long endTime,
      String artifactUri) {
    public Info {
      runId = orEmpty(runId);
      experimentId = orEmpty(experimentId);
      runName = orEmpty(runName);
      status = orEmpty(status);
      artifactUri = orEmpty(artifactUri);
    }
  }

  /** Params, tags and the newest value of each metric. */
  public record Data(List<MlflowEntry> params, List<MlflowEntry> tags, List<MlflowMetric> metrics) {
    public Data {
      params = orEmpty(params);
      tags = orEmpty(tags);
      metrics = orEmpty(metrics);
    }
  }

  /** The data sets that a run reads. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Inputs(List<RunInput> datasetInputs) {
    public Inputs {
      datasetInputs = orEmpty(datasetInputs);
    }
  }

  /** The models that a run makes. */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Outputs(List<ModelOutput> modelOutputs) {
    public Outputs {
      modelOutputs = orEmpty(modelOutputs);
    }
  }

  /** Returns the id. */
  public String id() {
    return info.runId();
  }

  /** Returns the params by name. */
  public SortedMap<String, String> params() {
    return byKey(data.params());
  }

  /** Returns the tags by name. */
  public SortedMap<String, String> tags() {
    return byKey(data.tags());
  }

  static SortedMap<String, String> byKey(List<MlflowEntry> entries) {
    SortedMap<String, String> texts = new TreeMap<>();
    entries.forEach(entry -> texts.put(entry.key(), entry.value()));
    return texts;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
