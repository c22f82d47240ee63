package dev.dormouse.ingest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.dormouse.io.SparkLake;
import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowMetric;
import dev.dormouse.tracking.MlflowRun;
import dev.dormouse.tracking.MlflowSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Imports the learning curves of runs from an MLflow tracking server. */
final class MlflowCurves {
  private static final int POINTS_PER_CURVE = 100_000;
  private static final int POINTS_PER_COMMIT = 200_000;
  private static final String CUT = "learning curves cut after " + POINTS_PER_CURVE + " points";

  private final MlflowSource source;
  private final Consumer<String> progress;

  MlflowCurves(MlflowSource source, Consumer<String> progress) {
    this.source = source;
    this.progress = progress;
  }

  /** Fetches the mapped metrics of some runs and adds them to the lake. */
  CurvePoints.Outcome add(SparkLake lake, List<MlflowRun> runs, RunMapping mapping) {
    CurvePoints.Outcome total = CurvePoints.Outcome.NOTHING;
    List<String> points = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      progress.accept(
          String.format("Fetching the learning curves of run %,d of %,d", i + 1, runs.size()));
      total = total.plus(fetch(runs.get(i), mapping, points));
      if (points.size() >= POINTS_PER_COMMIT) {
        total = total.plus(commit(lake, points));
        points.clear();
      }
    }
    return points.isEmpty() ? total : total.plus(commit(lake, points));
  }

  /** Fetches the points of one run as lines of JSON. A metric logged once is no curve. */
  private CurvePoints.Outcome fetch(MlflowRun run, RunMapping mapping, List<String> points) {
    SortedMap<String, Long> lastSteps = MlflowRow.lastSteps(run);
    CurvePoints.Outcome outcome = CurvePoints.Outcome.NOTHING;
    for (Map.Entry<String, String> mapped : mapping.metrics().entrySet()) {
      Optional<String> metric =
          MlflowRow.metric(mapped.getValue()).filter(name -> lastSteps.getOrDefault(name, 0L) > 0);
      if (metric.isEmpty()) {
        continue;
      }
      List<MlflowMetric> history = source.history(run.id(), metric.get(), POINTS_PER_CURVE);
      if (history.size() == POINTS_PER_CURVE) {
        outcome = outcome.plus(new CurvePoints.Outcome(0, new TreeMap<>(Map.of(CUT, 1L))));
      }
      lastOfEachStep(history).values().stream()
          .map(
              point ->
                  Json.write(
                      new CurvePoint(run.id(), mapped.getKey(), point.step(), point.value())))
          .forEach(points::add);
    }
    return outcome;
  }

  private static SortedMap<Long, MlflowMetric> lastOfEachStep(List<MlflowMetric> history) {
    SortedMap<Long, MlflowMetric> last = new TreeMap<>();
    history.forEach(
        point -> last.merge(point.step(), point, (a, b) -> b.timestamp() >= a.timestamp() ? b : a));
    return last;
  }

  /** Columns of a point of a learning curve. */
  private record CurvePoint(
      @JsonProperty("run_id") String runId, String metric, long step, double value) {}

  private static CurvePoints.Outcome commit(SparkLake lake, List<String> points) {
    Dataset<Row> all =
        lake.spark()
            .read()
            .schema("run_id STRING, metric STRING, step BIGINT, value DOUBLE")
            .json(lake.spark().createDataset(points, Encoders.STRING()))
            .cache();
    try {
      return CurvePoints.add(lake, all, all.select("run_id").distinct());
    } finally {
      all.unpersist();
    }
  }
}
