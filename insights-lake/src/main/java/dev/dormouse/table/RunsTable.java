package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.DOUBLE_MAP;
import static dev.dormouse.table.ColumnType.INT;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRING_MAP;
import static dev.dormouse.table.ColumnType.TIMESTAMP;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** {@code runs}: every training run, ours and imported. */
public final class RunsTable {
  /** The ways in which the cost of a run is known. */
  public static final List<String> COST_SOURCES =
      Arrays.stream(CostOrigin.values()).map(CostOrigin::id).toList();

  public static final Table TABLE =
      Table.named(
              "runs", Table.Writer.KERNEL, "Every training run, ours and imported, failures too")
          .required("run_id", STRING, "Unique id of the training execution")
          .required(
              "study", STRING, "Runs of one study may be compared: dataset/features:metric@split")
          .required("dataset", STRING, "Data set with its version")
          .required("features", STRING, "Feature set")
          .required("metric", STRING, "Name of the metric that the study compares")
          .required("metric_split", STRING, "Split on which the study's metric is evaluated")
          .required("family", STRING, "Data family, coarser than the data set version")
          .required("config_id", STRING, "Hash of model variant and parameters")
          .required("model_variant", STRING, "Model variant; empty if the study has only one")
          .required("params", STRING_MAP, "All other parameters, values in canonical spelling")
          .optional("seed", LONG, "Random seed")
          .required("status", STRING, "How the run ended")
          .required("metrics", DOUBLE_MAP, "Final metrics by name")
          .optional("value", DOUBLE, "The study's metric; missing if the run has no usable result")
          .optional(
              "cost_gpu_hours", DOUBLE, "Cost in GPU-hours (hours of the job where no GPU is used)")
          .required("cost_source", STRING, "How the cost is known")
          .optional(
              "sweep", STRING, "What launched it together with others: tuner file, sweep, campaign")
          .optional("train_samples", LONG, "Number of training examples")
          .optional("started_at", TIMESTAMP, "Start, UTC")
          .optional("finished_at", TIMESTAMP, "End, UTC")
          .required("source", STRING, "Where the run comes from, e.g. bars, mlflow, dormouse")
          .required("provenance", STRING, "Where exactly: file and row, URL or launch id")
          .optional("campaign_id", STRING, "The campaign, if the run is ours")
          .optional("trial_id", STRING, "The trial, if the run is ours")
          .required("attempt", INT, "Attempt of the trial from 1; 0 if the run is not ours")
          .key("run_id")
          .check(
              Check.oneOf("status", Arrays.stream(RunStatus.values()).map(RunStatus::id).toList()))
          .check(Check.oneOf("cost_source", COST_SOURCES))
          .check(Check.atLeast("cost_gpu_hours", 0))
          .check(Check.atLeast("train_samples", 0))
          .check(Check.atLeast("attempt", 0))
          .build();

  private RunsTable() {}

  /** Returns the row of a run. */
  public static TableRow encode(Run run) {
    Double value = run.metrics().get(run.study().metric());
    return TableRow.of(TABLE)
        .set("run_id", run.runId())
        .set("study", run.study().id())
        .set("dataset", run.study().dataset())
        .set("features", run.study().features())
        .set("metric", run.study().metric())
        .set("metric_split", run.study().split())
        .set("family", run.family())
        .set("config_id", run.arm().configId())
        .set("model_variant", run.arm().modelVariant())
        .set("params", run.arm().params())
        .set("seed", run.seed())
        .set("status", run.status().id())
        .set("metrics", run.metrics())
        .set("value", value)
        .set("cost_gpu_hours", run.costGpuHours())
        .set("cost_source", run.costSource().id())
        .set("sweep", run.sweep())
        .set("train_samples", run.trainSamples())
        .set("started_at", run.startedAt())
        .set("finished_at", run.finishedAt())
        .set("source", run.source())
        .set("provenance", run.provenance())
        .set("campaign_id", run.campaignId())
        .set("trial_id", run.trialId())
        .set("attempt", run.attempt())
        .build();
  }

  /** Returns the run in a row. */
  public static Run decode(TableRow row) {
    return RunBuilder.builder()
        .runId(row.text("run_id"))
        .study(
            new StudyKey(
                row.text("dataset"),
                row.text("features"),
                row.text("metric"),
                row.text("metric_split")))
        .family(row.text("family"))
        .arm(new Arm(row.text("model_variant"), new TreeMap<>(row.textMap("params"))))
        .seed(row.optionalNumber("seed"))
        .status(RunStatus.fromId(row.text("status")))
        .metrics(new TreeMap<>(row.fractionMap("metrics")))
        .costGpuHours(row.optionalFraction("cost_gpu_hours"))
        .costSource(CostOrigin.fromId(row.text("cost_source")))
        .sweep(row.optionalText("sweep"))
        .trainSamples(row.optionalNumber("train_samples"))
        .startedAt(row.optionalInstant("started_at"))
        .finishedAt(row.optionalInstant("finished_at"))
        .source(row.text("source"))
        .provenance(row.text("provenance"))
        .campaignId(row.optionalText("campaign_id"))
        .trialId(row.optionalText("trial_id"))
        .attempt((int) row.number("attempt"))
        .build();
  }
}
