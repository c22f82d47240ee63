package dev.dormouse.ingest;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.table.RunsTable;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Maps the columns of a source to the fields of a run. All names but {@code metric}, {@code
 * direction} and {@code split} are columns; {@code a.b} may be a field of a nested column.
 *
 * @param runId unique id of the run
 * @param dataset data set with its version
 * @param features feature set; without one all rows of a data set share one
 * @param family data family; without one the data set
 * @param modelVariant model variant
 * @param params location of the parameters
 * @param metric the metric that studies compare, a key of {@code metrics}
 * @param direction whether higher or lower values of it are better; without one the metric's name
 *     must tell
 * @param split the split on which it is evaluated
 * @param metrics metric name in the lake -> column
 * @param seed random seed
 * @param status how the run ended; without one it follows from the metric
 * @param costSeconds cost in GPU-seconds
 * @param costGpuHours cost in GPU-hours, used where there is none in seconds
 * @param costSource how the cost is known; without one it was measured
 * @param sweep what launched it together with others: tuner file, sweep, parent run
 * @param trainSamples number of training examples
 * @param startedAt start
 * @param finishedAt end
 * @param source where the row comes from
 * @param provenance columns that together identify the origin of a run
 * @param curves learning curves beside the runs
 */
@RecordBuilder
record RunMapping(
    @JsonProperty(value = "run_id", required = true) String runId,
    @JsonProperty(required = true) String dataset,
    Optional<String> features,
    Optional<String> family,
    @JsonProperty("model_variant") Optional<String> modelVariant,
    @JsonProperty(required = true) Params params,
    @JsonProperty(required = true) String metric,
    Optional<Direction> direction,
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
          .addModule(new DirectionWords())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
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
   * Location of the parameters of a run: one map column, or columns with a common prefix.
   *
   * @param column a map, a nested column, or a text that is a JSON object
   * @param prefix the prefix, e.g. {@code params.}
   * @param except parameters that do not belong to the arm, e.g. the seed or an output directory
   */
  record Params(Optional<String> column, Optional<String> prefix, List<String> except) {
    Params {
      except = except == null ? List.of() : List.copyOf(except);
    }

    /** Returns the parameter that a column holds, if it holds one. */
    Optional<String> parameter(String name) {
      String start = prefix.orElseGet(() -> column.orElseThrow() + ".");
      return name.startsWith(start)
          ? Optional.of(name.substring(start.length()))
          : Optional.empty();
    }

    /** Returns the same location with other exceptions. */
    Params except(List<String> names) {
      return new Params(column, prefix, names);
    }
  }

  /**
   * How the cost of runs is known: one of {@link RunsTable#COST_SOURCES}.
   *
   * @param column the column that tells
   * @param values cost source by value of the column
   * @param otherwise cost source of all other values
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

    /** Returns one cost source for all rows. */
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
   * Returns this mapping.
   *
   * @throws ImportException if the source lacks a column that the mapping names
   */
  RunMapping fitting(SourceColumns source, Object origin) {
    requireColumns(columns(), source, origin);
    return this;
  }

  static void requireColumns(List<String> named, SourceColumns source, Object origin) {
    List<String> absent = named.stream().filter(name -> !source.has(name)).distinct().toList();
    if (!absent.isEmpty()) {
      throw new ImportException(
          "The mapping names columns "
              + absent
              + ", which "
              + origin
              + " does not have; it has "
              + source.names());
    }
  }

  List<String> columns() {
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

  /** Returns the mapping of the published history. */
  static RunMapping published() {
    try (InputStream resource = RunMapping.class.getResourceAsStream(PUBLISHED)) {
      return YAML.readValue(resource, RunMapping.class);
    } catch (IOException e) {
      throw new IllegalStateException("The built-in mapping " + PUBLISHED + " is broken", e);
    }
  }

  /**
   * Returns this mapping with more metrics; a metric whose name is taken gets its column's name.
   */
  RunMapping withMetrics(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(metrics);
    more.forEach(
        (name, column) -> {
          if (!metrics.containsValue(column)) {
            all.put(all.containsKey(name) ? column : name, column);
          }
        });
    return RunMappingBuilder.builder(this).metrics(all).build();
  }

  /** Returns the mapping as a tree that {@link #read} accepts. */
  JsonNode toTree() {
    return YAML.valueToTree(this);
  }

  /** Returns the text of a mapping file with this mapping. */
  static String text(JsonNode mapping) {
    try {
      return YAML.writeValueAsString(mapping).replaceFirst("^---\\s*", "");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a mapping as YAML", e);
    }
  }
}
