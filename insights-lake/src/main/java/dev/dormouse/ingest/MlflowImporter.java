package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.unix_millis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.ingest.MlflowApi.Experiment;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Metric;
import dev.dormouse.table.Json;
import dev.dormouse.table.RunsTable;
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
 * Imports the runs of an MLflow tracking server, experiment by experiment, in the order in which
 * they ended. The newest end in the lake is where the next import begins; so running runs are
 * picked up when they have ended. Of a page the runs are committed last: an import that is killed
 * is taken up where it stopped. Runs that Dormouse itself published are left out.
 *
 * <p>A run of which MLflow knows no end is found by the first import and by full ones only; a run
 * that is in the lake is not changed any more.
 */
public final class MlflowImporter {
  /**
   * The ends of runs are told by the clocks of those who trained, and may reach the server late: so
   * much before the newest end is looked at again.
   */
  private static final Duration OVERLAP = Duration.ofHours(1);

  private static final String ENDED =
      "attributes.status != 'RUNNING' and attributes.status != 'SCHEDULED'";
  private static final String FINISHED = "attributes.status = 'FINISHED'";
  private static final int POINTS_A_CURVE = 100_000;
  private static final int POINTS_TOGETHER = 200_000;
  private static final int NAMES_SHOWN = 20;

  /** With what the names of the experiments begin that campaigns are published to. */
  private static final String OUR_EXPERIMENTS = "dormouse/";

  private static final String OURS = "runs that Dormouse itself published";
  private static final String NO_METRIC = "runs of experiments without any metric to compare";
  private static final String CUT = "learning curves cut after " + POINTS_A_CURVE + " points";

  private final SparkSession spark;
  private final MlflowApi api;
  private final MlflowRequest request;
  private final Consumer<String> progress;

  private MlflowImporter(
      SparkSession spark, MlflowApi api, MlflowRequest request, Consumer<String> progress) {
    this.spark = spark;
    this.api = api;
    this.request = request;
    this.progress = progress;
  }

  /**
   * Imports what has ended since the last import.
   *
   * @param now the time that refused runs are kept with
   * @param progress is told in a sentence what begins
   * @throws SourceUnreachableException if the server does not answer; what was committed stays
   * @throws ImportException if the server or the mapping cannot be used
   */
  public static ImportSummary importRuns(
      SparkLake lake, MlflowRequest request, Instant now, Consumer<String> progress) {
    return importRuns(lake, new MlflowRest(request.server()), request, now, progress);
  }

  static ImportSummary importRuns(
      SparkLake lake,
      MlflowApi api,
      MlflowRequest request,
      Instant now,
      Consumer<String> progress) {
    return new MlflowImporter(lake.spark(), api, request, progress).importAll(lake, now);
  }

  /**
   * What an import would do, told from the first runs of each experiment; writes nothing.
   *
   * @throws SourceUnreachableException if the server does not answer
   * @throws ImportException if the server or the mapping cannot be used
   */
  public static List<ImportPreview> preview(
      SparkSession spark, MlflowRequest request, Consumer<String> progress) {
    return preview(spark, new MlflowRest(request.server()), request, progress);
  }

  static List<ImportPreview> preview(
      SparkSession spark, MlflowApi api, MlflowRequest request, Consumer<String> progress) {
    return new MlflowImporter(spark, api, request, progress).previewAll();
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
      List<JsonNode> runs =
          foreign(api.runs(experiment.id(), ENDED, Optional.empty(), ImportPreview.ROWS).runs());
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
    List<Experiment> all = api.experiments();
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

  /** The imported runs. Others are found when they are merged. */
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

  /** The newest end of an imported run, by experiment. */
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
      MlflowApi.Page page = api.runs(experiment.id(), filter, token, request.pageSize());
      List<JsonNode> foreign = foreign(page.runs());
      List<JsonNode> runs =
          foreign.stream().filter(run -> !known.contains(MlflowRow.id(run))).toList();
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
      token = page.next();
    } while (token.isPresent());
    return total;
  }

  /**
   * From the finished runs that ended first, so that later imports come to the same mapping; empty
   * if no finished run has a metric.
   */
  private Optional<RunMapping> guess(Experiment experiment) {
    Optional<String> token = Optional.empty();
    do {
      MlflowApi.Page page = api.runs(experiment.id(), FINISHED, token, request.pageSize());
      Optional<RunMapping> mapping = MlflowRow.mapping(metricNames(foreign(page.runs())));
      if (mapping.isPresent()) {
        return mapping;
      }
      token = page.next();
    } while (token.isPresent());
    return Optional.empty();
  }

  private static List<JsonNode> foreign(List<JsonNode> runs) {
    return runs.stream().filter(run -> !MlflowRow.isOurs(run)).toList();
  }

  private static Set<String> metricNames(List<JsonNode> runs) {
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
      SparkLake lake, Experiment experiment, List<JsonNode> runs, RunMapping mapping, Instant now) {
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
          importCurves(
              lake,
              runs.stream().filter(run -> fresh.contains(MlflowRow.id(run))).toList(),
              mapping);
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

  /** Of all experiments of a server, those are left out whose metric has no known direction. */
  private boolean isLeftOut(SparkLake lake, RunMapping mapping, List<JsonNode> runs) {
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

  private ImportedDirection direction(RunMapping mapping, List<JsonNode> runs) {
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

  private Dataset<Row> rows(Experiment experiment, List<JsonNode> runs) {
    return json(
        runs.stream()
            .map(run -> MlflowRow.of(request.server(), experiment, run).toString())
            .toList(),
        MlflowRow.COLUMNS);
  }

  private Dataset<Row> json(List<String> lines, String columns) {
    return spark.read().schema(columns).json(spark.createDataset(lines, Encoders.STRING()));
  }

  private CurvePoints.Outcome importCurves(
      SparkLake lake, List<JsonNode> runs, RunMapping mapping) {
    CurvePoints.Outcome total = CurvePoints.Outcome.NOTHING;
    List<String> points = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      progress.accept(
          String.format("Fetching the learning curves of run %,d of %,d", i + 1, runs.size()));
      total = total.plus(history(runs.get(i), mapping, points));
      if (points.size() >= POINTS_TOGETHER) {
        total = total.plus(addPoints(lake, points));
        points.clear();
      }
    }
    return points.isEmpty() ? total : total.plus(addPoints(lake, points));
  }

  /** Adds the points of one run as lines of JSON. A metric logged once is no curve. */
  private CurvePoints.Outcome history(JsonNode run, RunMapping mapping, List<String> points) {
    SortedMap<String, Long> lastSteps = MlflowRow.lastSteps(run);
    CurvePoints.Outcome outcome = CurvePoints.Outcome.NOTHING;
    for (Map.Entry<String, String> mapped : mapping.metrics().entrySet()) {
      Optional<String> metric =
          MlflowRow.metric(mapped.getValue()).filter(name -> lastSteps.getOrDefault(name, 0L) > 0);
      if (metric.isEmpty()) {
        continue;
      }
      List<MlflowApi.Point> history = api.history(MlflowRow.id(run), metric.get(), POINTS_A_CURVE);
      if (history.size() == POINTS_A_CURVE) {
        outcome = outcome.plus(new CurvePoints.Outcome(0, new TreeMap<>(Map.of(CUT, 1L))));
      }
      lastOfEachStep(history).values().stream()
          .map(point -> line(MlflowRow.id(run), mapped.getKey(), point))
          .forEach(points::add);
    }
    return outcome;
  }

  private static SortedMap<Long, MlflowApi.Point> lastOfEachStep(List<MlflowApi.Point> history) {
    SortedMap<Long, MlflowApi.Point> last = new TreeMap<>();
    history.forEach(point -> last.merge(point.step(), point, (a, b) -> b.at() >= a.at() ? b : a));
    return last;
  }

  private static String line(String runId, String metric, MlflowApi.Point point) {
    ObjectNode line =
        Json.mapper()
            .createObjectNode()
            .put("run_id", runId)
            .put("metric", metric)
            .put("step", point.step());
    MlflowRow.put(line, "value", point.value());
    return line.toString();
  }

  private CurvePoints.Outcome addPoints(SparkLake lake, List<String> points) {
    Dataset<Row> all =
        json(points, "run_id STRING, metric STRING, step BIGINT, value DOUBLE").cache();
    try {
      return CurvePoints.add(lake, all, all.select("run_id").distinct());
    } finally {
      all.unpersist();
    }
  }

  private String origin(Experiment experiment) {
    return "experiment '" + experiment.name() + "' on " + request.server();
  }
}
