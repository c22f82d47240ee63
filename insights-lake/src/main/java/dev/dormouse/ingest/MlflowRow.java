package dev.dormouse.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.dormouse.model.Metric;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowRun;
import dev.dormouse.tracking.MlflowSource;
import dev.dormouse.tracking.RunInput;
import dev.dormouse.tracking.RunInput.Dataset;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A run of MLflow as a flat row, written as JSON, whose columns a {@link RunMapping} can name.
 * Texts are as MLflow has them; what is absent is a null.
 */
@RecordBuilder
@JsonNaming(SnakeCaseStrategy.class)
record MlflowRow(
    String runId,
    String runName,
    String experiment,
    String dataset,
    Optional<String> features,
    Optional<String> family,
    Optional<String> model,
    Optional<String> seed,
    String status,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    Optional<Double> durationSeconds,
    Optional<String> parentRunId,
    Optional<Long> trainSamples,
    String url,
    SortedMap<String, String> params,
    SortedMap<String, String> tags,
    SortedMap<String, Double> metrics) {
  /** The row's columns, as a schema of Spark. */
  static final String COLUMNS =
      "run_id STRING, run_name STRING, experiment STRING, dataset STRING, features STRING,"
          + " family STRING, model STRING, seed STRING, status STRING, started_at STRING,"
          + " finished_at STRING, duration_seconds DOUBLE, parent_run_id STRING,"
          + " train_samples BIGINT, url STRING, params MAP<STRING, STRING>,"
          + " tags MAP<STRING, STRING>, metrics MAP<STRING, DOUBLE>";

  private static final String METRIC_COLUMN = "metrics.";
  private static final String OUR_TAGS = "dormouse.";
  private static final List<String> DATASET = List.of("dataset", "dataset_name", "dataset_version");
  private static final List<String> FEATURES = List.of("features", "feature_set");
  private static final List<String> MODEL = List.of("model", "model_variant", "model_name");
  private static final List<String> SEED = List.of("seed", "random_seed", "random_state");

  /** The name that MLflow gives to a data set that was logged without one. */
  private static final String UNNAMED = "dataset";

  /** Returns whether Dormouse itself published the run. */
  static boolean isOurs(MlflowRun run) {
    return run.tags().keySet().stream().anyMatch(name -> name.startsWith(OUR_TAGS));
  }

  /** Returns a run as a row. */
  static MlflowRow of(URI server, MlflowSource.Experiment experiment, MlflowRun run) {
    SortedMap<String, String> params = run.params();
    SortedMap<String, String> tags = run.tags();
    Optional<Dataset> input = input(run.inputs().datasetInputs());
    long start = run.info().startTime();
    long end = run.info().endTime();
    return MlflowRowBuilder.builder()
        .runId(run.id())
        .runName(run.info().runName())
        .experiment(experiment.name())
        .dataset(
            first(DATASET, params, tags)
                .or(() -> input.flatMap(MlflowRow::name))
                .orElse(experiment.name()))
        .features(first(FEATURES, params, tags))
        .family(Optional.ofNullable(tags.get("family")))
        .model(first(MODEL, params, tags))
        .seed(first(SEED, params, tags))
        .status(run.info().status())
        .startedAt(time(start))
        .finishedAt(time(end))
        .durationSeconds(
            start > 0 && end >= start ? Optional.of((end - start) / 1000.0) : Optional.empty())
        .parentRunId(Optional.ofNullable(tags.get("mlflow.parentRunId")))
        .trainSamples(input.flatMap(MlflowRow::size))
        .url(runsUrl(server) + experiment.id() + "/runs/" + run.id())
        .params(params)
        .tags(tags)
        .metrics(metrics(run))
        .build();
  }

  private static SortedMap<String, Double> metrics(MlflowRun run) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    run.data().metrics().forEach(metric -> metrics.put(metric.key(), metric.value()));
    return metrics;
  }

  /** Returns the prefix of the URLs of all runs of a server. */
  static String runsUrl(URI server) {
    return server + "/#/experiments/";
  }

  /** Returns the mapping for runs with these metrics; empty if no metric can be compared. */
  static Optional<RunMapping> mapping(Set<String> metricNames) {
    Map<String, String> metrics = metrics(metricNames);
    if (metrics.isEmpty()) {
      return Optional.empty();
    }
    String metric = MappingGuess.studyMetric(List.copyOf(metrics.keySet()));
    TreeSet<String> notParams = new TreeSet<>(DATASET);
    notParams.addAll(FEATURES);
    notParams.addAll(MODEL);
    notParams.addAll(SEED);
    return Optional.of(
        new RunMapping(
            "run_id",
            "dataset",
            Optional.of("features"),
            Optional.of("family"),
            Optional.of("model"),
            new RunMapping.Params(Optional.of("params"), Optional.empty(), List.copyOf(notParams)),
            metric,
            Optional.empty(),
            MappingGuess.split(metric),
            metrics,
            Optional.of("seed"),
            Optional.of("status"),
            Optional.of("duration_seconds"),
            Optional.empty(),
            Optional.empty(),
            Optional.of("parent_run_id"),
            Optional.of("train_samples"),
            Optional.of("started_at"),
            Optional.of("finished_at"),
            Optional.empty(),
            List.of("url"),
            Optional.empty()));
  }

  /**
   * Returns the direction of a metric that tags of runs state: {@code direction.METRIC}, else, for
   * a metric whose name tells nothing, {@code direction} (as Optuna writes it).
   *
   * @throws ImportException if the tags contradict each other or state no direction
   */
  static Optional<ImportedDirection.Statement> direction(String metric, List<MlflowRun> runs) {
    String own = "direction." + metric;
    String tag =
        runs.stream().anyMatch(run -> run.tags().containsKey(own))
                || Metric.named(metric).isDirectionKnown()
            ? own
            : "direction";
    Set<String> texts = new TreeSet<>();
    runs.forEach(run -> Optional.ofNullable(run.tags().get(tag)).ifPresent(texts::add));
    Set<Optional<Direction>> directions =
        texts.stream().map(Direction::fromId).collect(Collectors.toSet());
    if (directions.size() > 1 || directions.contains(Optional.<Direction>empty())) {
      throw new ImportException(
          "Tag '"
              + tag
              + "' of runs in one experiment is "
              + texts
              + "; it must be maximize or minimize, the same for all runs");
    }
    return directions.stream()
        .flatMap(Optional::stream)
        .findFirst()
        .map(each -> new ImportedDirection.Statement(each, Metric.Basis.TAG, tag));
  }

  /** Returns the row's columns of metrics by the names that the lake gives to the metrics. */
  static Map<String, String> metrics(Set<String> names) {
    SortedMap<String, String> columns = new TreeMap<>();
    names.forEach(name -> columns.put(name, METRIC_COLUMN + name));
    return MappingGuess.metrics(columns);
  }

  /** Returns the last step of each metric of a run. */
  static SortedMap<String, Long> lastSteps(MlflowRun run) {
    SortedMap<String, Long> steps = new TreeMap<>();
    run.data().metrics().forEach(metric -> steps.put(metric.key(), metric.step()));
    return steps;
  }

  /** Returns the metric that a column of the row holds; empty if it holds none. */
  static Optional<String> metric(String column) {
    return column.startsWith(METRIC_COLUMN)
        ? Optional.of(column.substring(METRIC_COLUMN.length()))
        : Optional.empty();
  }

  private static Optional<Instant> time(long millis) {
    return millis > 0 ? Optional.of(Instant.ofEpochMilli(millis)) : Optional.empty();
  }

  private static Optional<String> first(
      List<String> names, Map<String, String> params, Map<String, String> tags) {
    return names.stream()
        .map(params::get)
        .filter(MlflowRow::isText)
        .findFirst()
        .or(() -> names.stream().map(tags::get).filter(MlflowRow::isText).findFirst());
  }

  private static boolean isText(String text) {
    return text != null && !text.isBlank();
  }

  /** Returns the data set that the run was trained on, else the first one. */
  private static Optional<Dataset> input(List<RunInput> inputs) {
    return inputs.stream()
        .filter(RunInput::isTraining)
        .findFirst()
        .or(() -> inputs.stream().findFirst())
        .map(RunInput::dataset);
  }

  /** Two data sets without a name are different: only their digests identify them. */
  private static Optional<String> name(Dataset dataset) {
    String name =
        dataset.name().equals(UNNAMED) ? dataset.name() + "-" + dataset.digest() : dataset.name();
    return Optional.of(name).filter(MlflowRow::isText);
  }

  private static Optional<Long> size(Dataset dataset) {
    try {
      JsonNode rows = Json.mapper().readTree(dataset.profile().orElse("{}")).path("num_rows");
      return rows.isIntegralNumber() ? Optional.of(rows.asLong()) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
