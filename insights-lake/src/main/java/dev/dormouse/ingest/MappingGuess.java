package dev.dormouse.ingest;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Guesses a mapping from the column names of a source. */
final class MappingGuess {
  private static final List<String> METRIC_PREFIXES = List.of("metrics.", "metric.");
  private static final List<String> PARAM_COLUMNS =
      List.of("params", "hparams", "hyperparameters", "hyper_parameters", "config");
  private static final List<String> PARAM_PREFIXES =
      List.of(
          "params.",
          "param.",
          "hparams.",
          "hyperparameters.",
          "config.",
          "params_",
          "param_",
          "hparam_",
          "hp_");

  /** Metrics that studies compare unless a mapping names one; the first that is present wins. */
  private static final List<String> WELL_KNOWN =
      List.of(
          "auc",
          "roc_auc",
          "gauc",
          "ndcg",
          "pr_auc",
          "logloss",
          "log_loss",
          "accuracy",
          "acc",
          "f1",
          "recall",
          "precision",
          "hit_rate",
          "mrr",
          "rmse",
          "mse",
          "mae",
          "r2",
          "loss");

  private static final Pattern ON_VALIDATION =
      Pattern.compile("(?:validation|valid|val|eval|dev)[_/.-](.+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern ON_OTHER_SPLIT =
      Pattern.compile("(train|training|test)[_/.-](.+)", Pattern.CASE_INSENSITIVE);

  /** Prefix of MLflow's system metrics, such as load and temperature. */
  private static final String OF_THE_MACHINE = "system/";

  private static final Pattern CUTOFF = Pattern.compile("[@_]\\d+$");

  private MappingGuess() {}

  /**
   * Returns the mapping that these columns suggest.
   *
   * @throws ImportException if a column that every run needs is missing
   */
  static RunMapping of(List<String> names) {
    RunMapping published = RunMapping.published();
    if (names.containsAll(published.columns())) {
      return published;
    }
    Map<String, String> metrics = metrics(metricColumns(names));
    if (metrics.isEmpty()) {
      throw new ImportException(
          "No column looks like a metric (metric.NAME, or logloss, val_accuracy, ...) among "
              + names
              + "; name the columns in a --mapping file");
    }
    RunMapping.Params where = params(names);
    Optional<String> seed =
        first(names, "seed", "random_seed")
            .or(() -> ofParams(names, where, "seed"))
            .or(() -> ofParams(names, where, "random_seed"));
    String dataset =
        first(names, "dataset", "dataset_version", "dataset_name", "dataset_id", "data")
            .or(() -> ofParams(names, where, "dataset"))
            .orElseThrow(() -> missing(names, "a data set", "dataset, dataset_version, data"));
    List<String> taken =
        names.stream()
            .filter(name -> name.equals(dataset) || seed.equals(Optional.of(name)))
            .flatMap(name -> where.parameter(name).stream())
            .toList();
    String metric = studyMetric(metrics.keySet().stream().toList());
    return RunMappingBuilder.builder()
        .runId(
            first(names, "run_id", "experiment_id", "run_uuid", "trial_id", "id", "run")
                .orElseThrow(() -> missing(names, "a run id", "run_id, experiment_id, id")))
        .dataset(dataset)
        .features(first(names, "features", "feature_set"))
        .family(first(names, "family"))
        .modelVariant(first(names, "model_variant", "model", "model_name"))
        .params(where.except(taken))
        .metric(metric)
        .split(split(metric))
        .metrics(metrics)
        .seed(seed)
        .status(first(names, "status", "state"))
        .costSeconds(
            first(
                names,
                "cost_seconds",
                "duration_seconds",
                "runtime_seconds",
                "seconds",
                "_runtime"))
        .costGpuHours(first(names, "cost_gpu_hours", "gpu_hours"))
        .sweep(
            first(
                names, "sweep", "sweep_id", "campaign", "parent_run_id", "tags.mlflow.parentRunId"))
        .trainSamples(first(names, "train_samples", "n_train"))
        .startedAt(first(names, "started_at", "start_time"))
        .finishedAt(first(names, "finished_at", "end_time"))
        .source(first(names, "source"))
        .build();
  }

  /**
   * Returns the metric names that the lake uses. The prefix of validation metrics is removed
   * ({@code val_loss} becomes {@code loss}) unless another metric has that name.
   *
   * @param columns the source's name of a metric -> its column
   * @return the lake's name -> its column
   */
  static Map<String, String> metrics(Map<String, String> columns) {
    Map<String, Integer> uses = new TreeMap<>();
    columns.keySet().forEach(name -> uses.merge(withoutValidation(name), 1, Integer::sum));
    Map<String, String> metrics = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          String plain = withoutValidation(name);
          if (!name.startsWith(OF_THE_MACHINE)) {
            metrics.put(uses.get(plain) == 1 ? plain : name, column);
          }
        });
    return metrics;
  }

  /** Returns which of these metrics, by their names in the lake, studies compare. */
  static String studyMetric(List<String> metrics) {
    return metrics.stream()
        .min(
            Comparator.comparingInt(MappingGuess::splitRank)
                .thenComparingInt(MappingGuess::nameRank)
                .thenComparing(Comparator.naturalOrder()))
        .orElseThrow();
  }

  /** Returns the split in a metric's name; empty for validation. */
  static Optional<String> split(String metric) {
    Matcher other = ON_OTHER_SPLIT.matcher(metric);
    return other.matches()
        ? Optional.of(other.group(1).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** Prefers validation to test, and test to training. */
  private static int splitRank(String metric) {
    Matcher other = ON_OTHER_SPLIT.matcher(metric);
    if (!other.matches()) {
      return 0;
    }
    return other.group(1).equalsIgnoreCase("test") ? 1 : 2;
  }

  private static int nameRank(String metric) {
    Matcher other = ON_OTHER_SPLIT.matcher(metric);
    String name = withoutValidation(other.matches() ? other.group(2) : metric);
    int rank = WELL_KNOWN.indexOf(CUTOFF.matcher(name.toLowerCase(Locale.ROOT)).replaceFirst(""));
    return rank < 0 ? WELL_KNOWN.size() : rank;
  }

  private static String withoutValidation(String metric) {
    Matcher validation = ON_VALIDATION.matcher(metric);
    return validation.matches() ? validation.group(1) : metric;
  }

  private static Map<String, String> metricColumns(List<String> names) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String name : names) {
      METRIC_PREFIXES.stream()
          .filter(prefix -> startsWith(name, prefix))
          .findFirst()
          .ifPresent(prefix -> columns.put(name.substring(prefix.length()), name));
      if (nameRank(name) < WELL_KNOWN.size()) {
        columns.put(name, name);
      }
    }
    return columns;
  }

  private static RunMapping.Params params(List<String> names) {
    Optional<String> column = first(names, PARAM_COLUMNS.toArray(String[]::new));
    if (column.isPresent()) {
      return new RunMapping.Params(column, Optional.empty(), List.of());
    }
    for (String prefix : PARAM_PREFIXES) {
      Optional<String> spelt =
          names.stream()
              .filter(name -> startsWith(name, prefix))
              .map(name -> name.substring(0, prefix.length()))
              .findFirst();
      if (spelt.isPresent()) {
        return new RunMapping.Params(Optional.empty(), spelt, List.of());
      }
    }
    throw missing(names, "parameters", "a map 'params', or columns params.NAME");
  }

  /** Returns the column that holds only this parameter, if there is one. */
  private static Optional<String> ofParams(
      List<String> names, RunMapping.Params where, String parameter) {
    return names.stream()
        .filter(name -> where.parameter(name).filter(parameter::equalsIgnoreCase).isPresent())
        .findFirst();
  }

  private static ImportException missing(List<String> names, String what, String candidates) {
    return new ImportException(
        "No column looks like "
            + what
            + " ("
            + candidates
            + ") among "
            + names
            + "; name the columns in a --mapping file");
  }

  private static boolean startsWith(String name, String prefix) {
    return name.length() > prefix.length()
        && name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  private static Optional<String> first(List<String> names, String... candidates) {
    return Arrays.stream(candidates)
        .flatMap(candidate -> names.stream().filter(candidate::equalsIgnoreCase))
        .findFirst();
  }
}
