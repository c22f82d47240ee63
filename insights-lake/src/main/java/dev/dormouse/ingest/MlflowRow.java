package dev.dormouse.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.model.Metric;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.table.Json;
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

/** A run of MLflow as a flat row whose columns a {@link RunMapping} can name. Pure functions. */
final class MlflowRow {
  /** The row's columns, in Spark's words. */
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

  /** What MLflow calls a data set that was logged without a name. */
  private static final String UNNAMED = "dataset";

  private MlflowRow() {}

  static String id(JsonNode run) {
    return run.path("info").path("run_id").asText("");
  }

  /** Whether Dormouse itself published the run. */
  static boolean isOurs(JsonNode run) {
    return texts(run.path("data").path("tags")).keySet().stream()
        .anyMatch(name -> name.startsWith(OUR_TAGS));
  }

  /** The row with {@link #COLUMNS}. */
  static ObjectNode of(URI server, MlflowApi.Experiment experiment, JsonNode run) {
    JsonNode info = run.path("info");
    SortedMap<String, String> params = texts(run.path("data").path("params"));
    SortedMap<String, String> tags = texts(run.path("data").path("tags"));
    Optional<JsonNode> input = input(run.path("inputs").path("dataset_inputs"));
    ObjectNode row = Json.mapper().createObjectNode();
    row.put("run_id", id(run));
    row.put("run_name", info.path("run_name").asText(""));
    row.put("experiment", experiment.name());
    row.put(
        "dataset",
        first(DATASET, params, tags)
            .or(() -> input.flatMap(MlflowRow::name))
            .orElse(experiment.name()));
    first(FEATURES, params, tags).ifPresent(text -> row.put("features", text));
    Optional.ofNullable(tags.get("family")).ifPresent(text -> row.put("family", text));
    first(MODEL, params, tags).ifPresent(text -> row.put("model", text));
    first(SEED, params, tags).ifPresent(text -> row.put("seed", text));
    row.put("status", info.path("status").asText(""));
    times(info, row);
    Optional.ofNullable(tags.get("mlflow.parentRunId"))
        .ifPresent(text -> row.put("parent_run_id", text));
    input.flatMap(MlflowRow::size).ifPresent(size -> row.put("train_samples", size));
    row.put("url", runsUrl(server) + experiment.id() + "/runs/" + id(run));
    row.set("params", Json.mapper().valueToTree(params));
    row.set("tags", Json.mapper().valueToTree(tags));
    ObjectNode metrics = row.putObject("metrics");
    for (JsonNode metric : run.path("data").path("metrics")) {
      put(metrics, metric.path("key").asText(), number(metric.path("value")));
    }
    return row;
  }

  /** With what the URLs of all runs of a server begin. */
  static String runsUrl(URI server) {
    return server + "/#/experiments/";
  }

  /** The mapping of rows whose runs have these metrics; empty if there are none to compare. */
  static Optional<RunMapping> mapping(Set<String> metricNames) {
    Map<String, String> metrics = metrics(metricNames);
    if (metrics.isEmpty()) {
      return Optional.empty();
    }
    String metric = MappingGuess.studyMetric(List.copyOf(metrics.keySet()));
    TreeSet<String> notOfTheArm = new TreeSet<>(DATASET);
    notOfTheArm.addAll(FEATURES);
    notOfTheArm.addAll(MODEL);
    notOfTheArm.addAll(SEED);
    return Optional.of(
        new RunMapping(
            "run_id",
            "dataset",
            Optional.of("features"),
            Optional.of("family"),
            Optional.of("model"),
            new RunMapping.Params(
                Optional.of("params"), Optional.empty(), List.copyOf(notOfTheArm)),
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
  static Optional<ImportedDirection.Statement> direction(String metric, List<JsonNode> runs) {
    String own = "direction." + metric;
    String tag =
        runs.stream().anyMatch(run -> tags(run).containsKey(own))
                || Metric.named(metric).isDirectionKnown()
            ? own
            : "direction";
    Set<String> texts = new TreeSet<>();
    runs.forEach(run -> Optional.ofNullable(tags(run).get(tag)).ifPresent(texts::add));
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

  private static SortedMap<String, String> tags(JsonNode run) {
    return texts(run.path("data").path("tags"));
  }

  /** The lake's names of metrics -> their columns. */
  static Map<String, String> metrics(Set<String> names) {
    SortedMap<String, String> columns = new TreeMap<>();
    names.forEach(name -> columns.put(name, METRIC_COLUMN + name));
    return MappingGuess.metrics(columns);
  }

  /** The last step of each metric of a run. */
  static SortedMap<String, Long> lastSteps(JsonNode run) {
    SortedMap<String, Long> steps = new TreeMap<>();
    for (JsonNode metric : run.path("data").path("metrics")) {
      steps.put(metric.path("key").asText(), metric.path("step").asLong());
    }
    return steps;
  }

  /** The metric that a column of the row holds. */
  static Optional<String> metric(String column) {
    return column.startsWith(METRIC_COLUMN)
        ? Optional.of(column.substring(METRIC_COLUMN.length()))
        : Optional.empty();
  }

  /** A metric's value. MLflow writes NaN as a text, and stores infinity as the largest double. */
  static double number(JsonNode value) {
    double number = value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble();
    return Math.abs(number) == Double.MAX_VALUE ? number * 2 : number;
  }

  /** JSON has no NaN: a text is what Spark reads as one. */
  static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.put(name, Double.toString(value));
    }
  }

  private static void times(JsonNode info, ObjectNode row) {
    long start = info.path("start_time").asLong(0);
    long end = info.path("end_time").asLong(0);
    if (start > 0) {
      row.put("started_at", Instant.ofEpochMilli(start).toString());
    }
    if (end > 0) {
      row.put("finished_at", Instant.ofEpochMilli(end).toString());
    }
    if (start > 0 && end >= start) {
      row.put("duration_seconds", (end - start) / 1000.0);
    }
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

  /** The data set that was trained on, else the first one. */
  private static Optional<JsonNode> input(JsonNode inputs) {
    Optional<JsonNode> first = Optional.empty();
    for (JsonNode input : inputs) {
      String context = texts(input.path("tags")).getOrDefault("mlflow.data.context", "");
      if (context.startsWith("train")) {
        return Optional.of(input.path("dataset"));
      }
      first = first.or(() -> Optional.of(input.path("dataset")));
    }
    return first;
  }

  private static Optional<String> name(JsonNode dataset) {
    String name = dataset.path("name").asText("");
    // Two data sets without a name are not the same: only their digests tell.
    String told = name.equals(UNNAMED) ? name + "-" + dataset.path("digest").asText("") : name;
    return Optional.of(told).filter(MlflowRow::isText);
  }

  private static Optional<Long> size(JsonNode dataset) {
    try {
      JsonNode rows = Json.mapper().readTree(dataset.path("profile").asText("{}")).path("num_rows");
      return rows.isIntegralNumber() ? Optional.of(rows.asLong()) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static SortedMap<String, String> texts(JsonNode pairs) {
    SortedMap<String, String> texts = new TreeMap<>();
    for (JsonNode pair : pairs) {
      texts.put(pair.path("key").asText(), pair.path("value").asText());
    }
    return texts;
  }
}
