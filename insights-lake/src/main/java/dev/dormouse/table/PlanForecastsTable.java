package dev.dormouse.table;

import static dev.dormouse.table.ColumnType.DOUBLE;
import static dev.dormouse.table.ColumnType.INT;
import static dev.dormouse.table.ColumnType.LONG;
import static dev.dormouse.table.ColumnType.STRING;
import static dev.dormouse.table.ColumnType.STRINGS;
import static dev.dormouse.table.ColumnType.STRING_MAP;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.KnownArm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code plan_forecasts}: what a plan expects of each candidate, and what its study knows. */
public final class PlanForecastsTable {
  public static final Table TABLE =
      Table.named(
              "plan_forecasts",
              Table.Writer.KERNEL,
              "Forecasts of the candidates of each plan, and the arms that its study tried before")
          .required("forecasts_hash", STRING, "Identity of all forecasts of a plan together")
          .required("position", INT, "Order of the arm among them, from 0")
          .required("campaign_id", STRING, "The campaign that they were first made for")
          .required("config_id", STRING, "The arm")
          .required("model_variant", STRING, "Model variant of the arm")
          .required("params", STRING_MAP, "All other parameters of the arm")
          .required(
              "agreement", DOUBLE, "Correlation of the forecasts with outcomes of unseen studies")
          .required("spread", DOUBLE, "Standard deviation of gains within one study, metric units")
          .optional(
              "predicted_gain",
              DOUBLE,
              "Expected gain over the baseline by other studies, metric units; missing if known")
          .optional("p_failure", DOUBLE, "Probability that a run fails; missing if known")
          .optional(
              "predicted_cost_micros",
              LONG,
              "Expected cost of a run, micro-GPU-hours; missing if known")
          .optional(
              "known_gain",
              DOUBLE,
              "Gain over the baseline in earlier runs of the study, metric units; missing if none"
                  + " or all failed")
          .optional("known_gain_sd", DOUBLE, "Standard deviation of the known gain, metric units")
          .optional("known_runs", INT, "Earlier runs of the study with a result; missing if none")
          .optional("known_run_id", STRING, "One of the earlier runs of the study")
          .optional(
              "ignored_params",
              STRINGS,
              "Parameters of the search space that the model variant ignores; missing if none")
          .key("forecasts_hash", "position")
          .check(Check.between("agreement", 0, 1))
          .check(Check.atLeast("spread", 0))
          .check(Check.between("p_failure", 0, 1))
          .build();

  private PlanForecastsTable() {}

  /** Returns the rows of forecasts. */
  public static List<TableRow> encode(String campaignId, ArmForecasts forecasts) {
    List<TableRow> rows = new ArrayList<>();
    String hash = forecasts.hash();
    for (ArmForecast forecast : forecasts.arms()) {
      rows.add(
          row(campaignId, hash, rows.size(), forecasts, forecast.arm())
              .set("predicted_gain", forecast.gain())
              .set("p_failure", forecast.pFailure())
              .set("predicted_cost_micros", forecast.costMicros())
              .build());
    }
    for (KnownArm known : forecasts.known()) {
      rows.add(
          row(campaignId, hash, rows.size(), forecasts, known.arm())
              .set("known_gain", known.knownGain().orElse(null))
              .set("known_gain_sd", known.gainSd())
              .set("known_runs", known.runs())
              .set("known_run_id", known.runId())
              .build());
    }
    return rows;
  }

  private static TableRow.Builder row(
      String campaignId, String hash, int position, ArmForecasts forecasts, Arm arm) {
    SortedSet<String> ignored = forecasts.ignored().of(arm.modelVariant());
    return TableRow.of(TABLE)
        .set("forecasts_hash", hash)
        .set("position", position)
        .set("campaign_id", campaignId)
        .set("config_id", arm.configId())
        .set("model_variant", arm.modelVariant())
        .set("params", arm.params())
        .set("agreement", forecasts.agreement())
        .set("spread", forecasts.spread())
        .set("ignored_params", ignored.isEmpty() ? null : List.copyOf(ignored));
  }

  /**
   * Returns the forecasts in rows of one hash.
   *
   * @return empty if there are no rows
   */
  public static Optional<ArmForecasts> decode(List<TableRow> rows) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    // Two planners at the same time may have written the same rows twice.
    SortedMap<Long, TableRow> ordered = new TreeMap<>();
    rows.forEach(row -> ordered.put(row.number("position"), row));
    List<ArmForecast> arms = new ArrayList<>();
    List<KnownArm> known = new ArrayList<>();
    SortedMap<String, SortedSet<String>> ignored = new TreeMap<>();
    for (TableRow row : ordered.values()) {
      ignored.put(row.text("model_variant"), new TreeSet<>(row.texts("ignored_params")));
      Arm arm = new Arm(row.text("model_variant"), new TreeMap<>(row.textMap("params")));
      OptionalDouble gain = row.optionalFraction("predicted_gain");
      if (gain.isPresent()) {
        arms.add(
            new ArmForecast(
                arm,
                gain.getAsDouble(),
                row.optionalFraction("p_failure").orElse(0),
                row.optionalNumber("predicted_cost_micros").orElse(0)));
      } else {
        known.add(
            new KnownArm(
                arm,
                row.optionalFraction("known_gain").orElse(Double.NaN),
                row.optionalFraction("known_gain_sd").orElse(0),
                (int) row.optionalNumber("known_runs").orElse(0),
                row.optionalText("known_run_id").orElse("")));
      }
    }
    TableRow first = rows.get(0);
    return Optional.of(
        new ArmForecasts(
            first.fraction("agreement"),
            first.fraction("spread"),
            arms,
            known,
            new IgnoredParameters(ignored)));
  }
}
