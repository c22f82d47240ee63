package dev.dormouse.ingest;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which column of a source is what. All names but {@code metric} and {@code split} are columns;
 * {@code a.b} may be a field of a nested column.
 *
 * @param runId unique id of the run
 * @param dataset data set with its version
 * @param features feature set; without one all rows of a data set share one
 * @param family data family; without one the data set
 * @param modelVariant model variant
 * @param params where the parameters are
 * @param metric the metric that studies compare, a key of {@code metrics}
 * @param split the split on which it is evaluated
 * @param metrics metric name in the lake -> column
 * @param seed random seed
 * @param status how the run ended; without one it is told from the metric
 * @param costSeconds cost in GPU-seconds
 * @param costGpuHours cost in GPU-hours, where it is not told in seconds
 * @param costSource how the cost is known; without one it was measured
 * @param sweep what launched it together with others: tuner file, sweep, parent run
 * @param trainSamples number of training examples
 * @param startedAt start
 * @param finishedAt end
 * @param source where the row comes from
 * @param provenance columns that together say where exactly
 * @param curves learning curves beside the runs
 */
record RunMapping(
    @JsonProperty(value = "run_id", required = true) String runId,
    @JsonProperty(required = true) String dataset,
    Optional<String> features,
    Optional<String> family,
    @JsonProperty("model_variant") Optional<String> modelVariant,
    @JsonProperty(required = true) Params params,
    @JsonProperty(required = true) String metric,
    Optional<String> split,
    @JsonProperty(required = true) Map<String, String> metrics,
    Optional<String> seed,
    Optional<String> status,
    @JsonProperty("cost_seconds") Optional<String> costSeconds,
    @JsonProperty("cost_gpu_hours") Optional<String> costGpuHours,
    @JsonProperty("cost_source") Optional<CostSource> costSource,
    Optional<String> sweep,
    @JsonProperty("train_samples") Optional<String> trainSamples,
    @JsonProperty("started_at") Optional<String> startedAt,
    @JsonProperty("finished_at") Optional<String> finishedAt,
    Optional<String> source,
    List<String> provenance,
    Optional<Curves> curves) {

  private static final String PUBLISHED = "published-history.yaml";
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .addModule(new Jdk8Module())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  RunMapping {
    provenance = provenance == null ? List.of() : List.copyOf(provenance);
    require(
        runId != null && dataset != null && params != null && metric != null && metrics != null,
        "run_id, dataset, params, metric and metrics must have values");
    require(
        metrics.containsKey(metric),
        "metric '" + metric + "' is not among metrics " + metrics.keySet());
    require(
        params.column().isPresent() != params.prefix().isPresent(),
        "params needs either 'column' or 'prefix'");
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * Where the parameters of a run are: in one map column, or in columns with a common prefix.
   *
   * @param column a map, a nested column, or a text that is a JSON object
   * @param prefix the prefix, e.g. {@code params.}
   */
  record Params(Optional<String> column, Optional<String> prefix) {}

  /**
   * How the cost of runs is known: one of {@link RunsTable#COST_SOURCES}.
   *
   * @param column the column that tells
   * @param values what its values mean
   * @param otherwise what all others mean
   */
  record CostSource(
      Optional<String> column,
      Map<String, String> values,
      @JsonProperty(required = true) String otherwise) {
    CostSource {
      values = values == null ? Map.of() : Map.copyOf(values);
      List<String> meanings = new ArrayList<>(values.values());
      meanings.add(otherwise);
      require(
          RunsTable.COST_SOURCES.containsAll(meanings),
          "cost_source means " + meanings + "; known are " + RunsTable.COST_SOURCES);
    }

    /** The same for all rows. */
    @JsonCreator
    static CostSource always(String value) {
      return new CostSource(Optional.empty(), Map.of(), value);
    }
  }

  /**
   * A file of learning curves in the same directory.
   *
   * @param file its name
   * @param runId its column with the run
   * @param step its column with the step
   * @param metrics metric name in the lake -> column
   */
  record Curves(
      @JsonProperty(required = true) String file,
      @JsonProperty(value = "run_id", required = true) String runId,
      @JsonProperty(required = true) String step,
      @JsonProperty(required = true) Map<String, String> metrics) {

    List<String> columns() {
      return Stream.concat(Stream.of(runId, step), metrics.values().stream()).toList();
    }
  }

  /** Reads a mapping file. */
  static RunMapping read(Path file) {
    try {
      return YAML.readValue(Files.readString(file), RunMapping.class);
    } catch (UnrecognizedPropertyException e) {
      throw new ImportException(
          "Mapping "
              + file
              + ": key '"
              + e.getPropertyName()
              + "' is unknown; known are "
              + e.getKnownPropertyIds(),
          e);
    } catch (ValueInstantiationException e) {
      throw new ImportException("Mapping " + file + ": " + e.getCause().getMessage(), e);
    } catch (JsonProcessingException e) {
      throw new ImportException("Mapping " + file + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ImportException("Cannot read mapping " + file + "; name a readable YAML file", e);
    }
  }

  /**
   * This mapping, if the source has all columns that it names.
   *
   * @throws ImportException otherwise
   */
  RunMapping fitting(SourceColumns source, Path file) {
    requireColumns(columns(), source, file);
    return this;
  }

  static void requireColumns(List<String> named, SourceColumns source, Path file) {
    List<String> absent = named.stream().filter(name -> !source.has(name)).distinct().toList();
    if (!absent.isEmpty()) {
      throw new ImportException(
          "The mapping names columns "
              + absent
              + ", which "
              + file
              + " does not have; it has "
              + source.names());
    }
  }

  private List<String> columns() {
    List<String> columns = new ArrayList<>(List.of(runId, dataset));
    Stream.of(
            features,
            family,
            modelVariant,
            params.column(),
            seed,
            status,
            costSeconds,
            costGpuHours,
            costSource.flatMap(CostSource::column),
            sweep,
            trainSamples,
            startedAt,
            finishedAt,
            source)
        .flatMap(Optional::stream)
        .forEach(columns::add);
    columns.addAll(metrics.values());
    columns.addAll(provenance);
    return columns;
  }

  /** The mapping that these columns suggest. */
  static RunMapping guess(List<String> names) {
    RunMapping published = published();
    if (names.containsAll(published.columns())) {
      return published;
    }
    Map<String, String> metrics = new LinkedHashMap<>();
    for (String name : names) {
      if (name.startsWith("metric.") || name.startsWith("metrics.")) {
        metrics.put(name.substring(name.indexOf('.') + 1), name);
      } else if (List.of("auc", "logloss", "gauc", "ndcg", "test_auc", "test_logloss")
          .contains(name)) {
        metrics.put(name, name);
      }
    }
    if (metrics.isEmpty()) {
      throw new ImportException(
          "No column looks like a metric (metric.NAME, or auc, logloss, ...) among "
              + names
              + "; say which is what in a --mapping file");
    }
    Optional<String> params = first(names, "params", "hparams", "hyperparameters");
    return new RunMapping(
        required(names, "a run id", "run_id", "experiment_id", "id"),
        required(names, "a data set", "dataset", "dataset_version", "data"),
        first(names, "features", "feature_set"),
        first(names, "family"),
        first(names, "model_variant", "model", "model_name"),
        new Params(params, params.isPresent() ? Optional.empty() : Optional.of(prefix(names))),
        metrics.containsKey("auc") ? "auc" : metrics.keySet().iterator().next(),
        Optional.empty(),
        metrics,
        first(names, "seed"),
        first(names, "status"),
        first(names, "cost_seconds", "duration_seconds", "seconds"),
        first(names, "cost_gpu_hours", "gpu_hours"),
        Optional.empty(),
        first(names, "sweep", "sweep_id", "campaign", "parent_run_id"),
        first(names, "train_samples", "n_train"),
        first(names, "started_at", "start_time"),
        first(names, "finished_at", "end_time"),
        first(names, "source"),
        List.of(),
        Optional.empty());
  }

  private static RunMapping published() {
    try (InputStream resource = RunMapping.class.getResourceAsStream(PUBLISHED)) {
      return YAML.readValue(resource, RunMapping.class);
    } catch (IOException e) {
      throw new IllegalStateException("The built-in mapping " + PUBLISHED + " is broken", e);
    }
  }

  private static String prefix(List<String> names) {
    for (String prefix : List.of("param.", "params.", "hparams.")) {
      if (names.stream().anyMatch(name -> name.startsWith(prefix))) {
        return prefix;
      }
    }
    throw new ImportException(
        "No column looks like parameters (a map 'params', or columns params.NAME) among "
            + names
            + "; say which is what in a --mapping file");
  }

  private static String required(List<String> names, String what, String... candidates) {
    return first(names, candidates)
        .orElseThrow(
            () ->
                new ImportException(
                    "No column looks like "
                        + what
                        + " ("
                        + String.join(", ", candidates)
                        + ") among "
                        + names
                        + "; say which is what in a --mapping file"));
  }

  private static Optional<String> first(List<String> names, String... candidates) {
    return Arrays.stream(candidates).filter(names::contains).findFirst();
  }
}
