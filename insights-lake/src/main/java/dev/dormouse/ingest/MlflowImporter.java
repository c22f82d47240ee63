package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.unix_millis;

import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Metric;
import dev.dormouse.table.Json;
import dev.dormouse.table.RunsTable;
import dev.dormouse.tracking.MlflowException;
import dev.dormouse.tracking.MlflowGateway;
import dev.dormouse.tracking.MlflowRun;
import dev.dormouse.tracking.MlflowSource;
import dev.dormouse.tracking.MlflowSource.Experiment;
import dev.dormouse.tracking.RunSearch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Imports the runs of an MLflow tracking server, experiment by experiment, in the order of their
 * ends. The next import begins at the newest end in the lake, so that running runs are imported
 * once they have ended. The runs of a page are committed after all that belongs to them: an import
 * that is killed continues where it stopped. Runs that Dormouse itself published are left out.
 *
 * <p>Only the first import and full ones find a run without an end; a run in the lake is not
 * changed any more.
 */
public final class MlflowImporter {
  /**
   * How far before the newest end an import begins: ends come from the clocks of the machines that
   * trained, and may reach the server late.
   */
  private static final Duration OVERLAP = Duration.ofHours(1);

  private static final String ENDED =
      "attributes.status != 'RUNNING' and attributes.status != 'SCHEDULED'";
  private static final String FINISHED = "attributes.status = 'FINISHED'";
  private static final int NAMES_SHOWN = 20;

  /** Prefix of the names of experiments that campaigns are published to. */
  private static final String OUR_EXPERIMENTS = "dormouse/";

  private static final String OURS = "runs that Dormouse itself published";
  private static final String NO_METRIC = "runs of experiments without any metric to compare";

  private final SparkSession spark;
  private final MlflowSource source;
  private final MlflowImportRequest request;
  private final Consumer<String> progress;

  private MlflowImporter(
      SparkSession spark,
      MlflowSource source,
      MlflowImportRequest request,
      Consumer<String> progress) {
    this.spark = spark;
    this.source = source;
    this.request = request;
    this.progress = progress;
  }

  /**
   * Imports the runs that have ended since the last import.
   *
   * @param now the time that is recorded with refused runs
   * @param progress receives a sentence for each step that begins
   * @throws MlflowException if the server cannot be used; committed runs stay
   * @throws ImportException if the mapping or an experiment cannot be used
   */
  public static ImportSummary importRuns(
      SparkLake lake, MlflowImportRequest request, Instant now, Consumer<String> progress) {
    return importRuns(lake, gateway(request), request, now, progress);
  }

  static ImportSummary importRuns(
      SparkLake lake,
      MlflowSource source,
      MlflowImportRequest request,
      Instant now,
      Consumer<String> progress) {
    return new MlflowImporter(lake.spark(), source, request, progress).importAll(lake, now);
  }

  /**
   * Shows what an import would do, by the first runs of each experiment; writes nothing.
   *
   * @throws MlflowException if the server cannot be used
   * @throws ImportException if the mapping or an experiment cannot be used
   */
  public static List<ImportPreview> preview(
      SparkSession spark, MlflowImportRequest request, Consumer<String> progress) {
    return preview(spark, gateway(request), request, progress);
  }

  static List<ImportPreview> preview(
      SparkSession spark,
      MlflowSource source,
      MlflowImportRequest request,
      Consumer<String> progress) {
    return new MlflowImporter(spark, source, request, progress).previewAll();
  }

  private static MlflowGateway gateway(MlflowImportRequest request) {
    return new MlflowGateway(request.server(), MlflowGateway.LARGE_REPLY_LIMIT);
  }

  private ImportSummary importAll(SparkLake lake, Instant now) {
    Optional<RunMapping> given = given();
    List<Experiment> experiments = experiments();
    Map<String, Instant> newest = request.full() ? Map.of() : newestEnds(lake);
    Set<String> known = knownRuns(lake);
    ImportSummary total = ImportSummary.NOTHING;
    for (Experiment experiment : experiments) {
      progress.accept("Experiment '" + experiment.name() + "'");
      String filter =
          Optional.ofNullable(newest.get(experiment.id()))
              .map(end -> ENDED + " and attributes.end_time > " + end.minus(OVERLAP).toEpochMilli())
              .orElse(ENDED);
      total = total.plus(importExperiment(lake, experiment, filter, given, known, now));
    }
    return total;
  }

  private List<ImportPreview> previewAll() {
    Optional<RunMapping> given = given();
    List<ImportPreview> previews = new ArrayList<>();
    for (Experiment experiment : experiments()) {
      List<MlflowRun> runs =
          foreign(source.runs(search(experiment, ENDED, ImportPreview.ROWS)).runs());
      Optional<RunMapping> mapping =
          runs.isEmpty() ? Optional.empty() : given.or(() -> guess(experiment));
      if (mapping.isPresent()) {
        previews.add(
            ImportPreview.of(
                origin(experiment),
                given.isEmpty(),
                mapping.get(),
                direction(mapping.get(), runs).known(),
                judged(
                    rows(experiment, runs),
                    mapping.get(),
                    direction(mapping.get(), runs).known())));
      } else {
        progress.accept(
            "Experiment '" + experiment.name() + "' has no run with a metric to compare");
      }
    }
    return previews;
  }

  private Optional<RunMapping> given() {
    return request
        .mapping()
        .map(
            file ->
                RunMapping.read(file)
                    .fitting(
                        new SourceColumns(json(List.of(), MlflowRow.COLUMNS).schema()),
                        "a run of MLflow"));
  }

  private List<Experiment> experiments() {
    List<Experiment> all = source.experiments();
    Set<String> names = all.stream().map(Experiment::name).collect(Collectors.toSet());
    List<String> absent =
        request.experiments().stream().filter(name -> !names.contains(name)).toList();
    if (!absent.isEmpty()) {
      throw new ImportException(
          "MLflow at "
              + request.server()
              + " has no experiments "
              + absent
              + "; it has "
              + names.stream().sorted().limit(NAMES_SHOWN).toList());
    }
    return all.stream()
        .filter(
            each ->
                request.experiments().isEmpty()
                    ? !each.name().startsWith(OUR_EXPERIMENTS)
                    : request.experiments().contains(each.name()))
        .toList();
  }

  /** Returns the runs that were imported from this server. */
  private Dataset<Row> imported(SparkLake lake) {
    return lake.read(RunsTable.TABLE)
        .where(col("provenance").startsWith(MlflowRow.runsUrl(request.server())));
  }

  private Set<String> knownRuns(SparkLake lake) {
    return texts(imported(lake).select("run_id"));
  }

  private static Set<String> texts(Dataset<Row> oneColumn) {
    return Set.copyOf(oneColumn.as(Encoders.STRING()).collectAsList());
  }

  /** Returns the newest end of an imported run by experiment id. */
  private Map<String, Instant> newestEnds(SparkLake lake) {
    String urls = MlflowRow.runsUrl(request.server());
    return imported(lake)
        .where(col("finished_at").isNotNull())
        .groupBy(
            regexp_extract(col("provenance"), "^" + Pattern.quote(urls) + "([^/]+)/", 1)
                .as("experiment"))
        .agg(unix_millis(max("finished_at")).as("newest"))
        .collectAsList()
        .stream()
        .collect(
            Collectors.toMap(row -> row.getString(0), row -> Instant.ofEpochMilli(row.getLong(1))));
  }

  private ImportSummary importExperiment(
      SparkLake lake,
      Experiment experiment,
      String filter,
      Optional<RunMapping> given,
      Set<String> known,
      Instant now) {
    ImportSummary total = ImportSummary.NOTHING;
    Optional<RunMapping> mapping = given;
    Optional<String> token = Optional.empty();
    do {
      MlflowSource.Page page = source.runs(search(experiment, filter).page(token));
      List<MlflowRun> foreign = foreign(page.runs());
      List<MlflowRun> runs = foreign.stream().filter(run -> !known.contains(run.id())).toList();
      total =
          total
              .plus(leftOut(OURS, page.runs().size() - foreign.size()))
              .plus(alreadyThere(foreign.size() - runs.size()));
      if (!runs.isEmpty() && mapping.isEmpty()) {
        mapping = guess(experiment);
      }
      if (mapping.isPresent() && !runs.isEmpty()) {
        RunMapping whole =
            given.isPresent()
                ? mapping.get()
                : mapping.get().withMetrics(MlflowRow.metrics(metricNames(runs)));
        total =
            total.plus(
                isLeftOut(lake, whole, runs)
                    ? leftOut(unknownDirection(experiment, whole.metric()), runs.size())
                    : importPage(lake, experiment, runs, whole, now));
      } else {
        total = total.plus(leftOut(NO_METRIC, runs.size()));
      }
      progress.accept(
          String.format(
              "Experiment '%s': %,d runs looked at, %,d new",
              experiment.name(), total.read(), total.imported()));
      token = page.nextToken();
    } while (token.isPresent());
    return total;
  }

  /**
   * Guesses the mapping from the finished runs that ended first, so that later imports come to the
   * same; empty if no finished run has a metric.
   */
  private Optional<RunMapping> guess(Experiment experiment) {
    Optional<String> token = Optional.empty();
    do {
      MlflowSource.Page page = source.runs(search(experiment, FINISHED).page(token));
      Optional<RunMapping> mapping = MlflowRow.mapping(metricNames(foreign(page.runs())));
      if (mapping.isPresent()) {
        return mapping;
      }
      token = page.nextToken();
    } while (token.isPresent());
    return Optional.empty();
  }

  private RunSearch search(Experiment experiment, String filter) {
    return search(experiment, filter, request.pageSize());
  }

  /** Returns the first page of an experiment's runs, those that ended first before the others. */
  private static RunSearch search(Experiment experiment, String filter, int pageSize) {
    return RunSearch.of(experiment.id(), filter, pageSize).orderedBy("attributes.end_time ASC");
  }

  private static List<MlflowRun> foreign(List<MlflowRun> runs) {
    return runs.stream().filter(run -> !MlflowRow.isOurs(run)).toList();
  }

  private static Set<String> metricNames(List<MlflowRun> runs) {
    return runs.stream()
        .flatMap(run -> MlflowRow.lastSteps(run).keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static ImportSummary alreadyThere(long count) {
    return new ImportSummary(count, 0, count, 0, new TreeMap<>(), 0, new TreeMap<>());
  }

  private static ImportSummary leftOut(String what, long count) {
    return new ImportSummary(
        0,
        0,
        0,
        0,
        new TreeMap<>(),
        0,
        count == 0 ? new TreeMap<>() : new TreeMap<>(Map.of(what, count)));
  }

  private ImportSummary importPage(
      SparkLake lake,
      Experiment experiment,
      List<MlflowRun> runs,
      RunMapping mapping,
      Instant now) {
    ImportedDirection direction = direction(mapping, runs);
    Metric metric = direction.known(lake);
    Dataset<Row> judged = judged(rows(experiment, runs), mapping, metric).cache();
    try {
      SortedMap<String, Long> reasons =
          Quarantine.keep(
              lake,
              judged,
              MlflowRow.runsUrl(request.server()) + experiment.id(),
              origin(experiment),
              now);
      Dataset<Row> good = judged.where(col(RunRules.REASON).isNull());
      direction.record(lake, good);
      Set<String> fresh =
          texts(
              good.select("run_id")
                  .join(CurvePoints.runsOf(lake), new String[] {"run_id"}, "left_anti"));
      CurvePoints.Outcome curves =
          new MlflowCurves(source, progress)
              .add(lake, runs.stream().filter(run -> fresh.contains(run.id())).toList(), mapping);
      long imported = lake.mergeNew(RunsTable.TABLE, RunColumns.runs(good));
      long refused = reasons.values().stream().mapToLong(Long::longValue).sum();
      return new ImportSummary(
          runs.size(),
          imported,
          runs.size() - refused - imported,
          refused,
          reasons,
          curves.added(),
          curves.leftOut());
    } finally {
      judged.unpersist();
    }
  }

  /** Returns whether no direction of the metric is known and the experiment was not asked for. */
  private boolean isLeftOut(SparkLake lake, RunMapping mapping, List<MlflowRun> runs) {
    return request.experiments().isEmpty()
        && request.mapping().isEmpty()
        && !direction(mapping, runs).known(lake).isDirectionKnown();
  }

  private static String unknownDirection(Experiment experiment, String metric) {
    return "runs of experiment '"
        + experiment.name()
        + "', as nothing tells whether higher or lower values of metric '"
        + metric
        + "' are better: give --experiment and --direction, or tag the runs direction."
        + metric;
  }

  private ImportedDirection direction(RunMapping mapping, List<MlflowRun> runs) {
    return ImportedDirection.of(
        mapping,
        request.mapping().map(Path::toString).orElse("guessed by names"),
        request.direction(),
        MlflowRow.direction(mapping.metric(), runs));
  }

  private Dataset<Row> judged(Dataset<Row> rows, RunMapping mapping, Metric metric) {
    return RunRules.judged(
        RunColumns.mapped(rows, mapping, metric, request.label()), Limits.DEFAULT);
  }

  private Dataset<Row> rows(Experiment experiment, List<MlflowRun> runs) {
    return json(
        runs.stream()
            .map(run -> Json.write(MlflowRow.of(request.server(), experiment, run)))
            .toList(),
        MlflowRow.COLUMNS);
  }

  private Dataset<Row> json(List<String> lines, String columns) {
    return spark.read().schema(columns).json(spark.createDataset(lines, Encoders.STRING()));
  }

  private String origin(Experiment experiment) {
    return "experiment '" + experiment.name() + "' on " + request.server();
  }
}
