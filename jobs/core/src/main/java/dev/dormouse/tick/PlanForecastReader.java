package dev.dormouse.tick;

import dev.dormouse.io.LakeException;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Plan;
import dev.dormouse.table.PlanForecastsTable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reads the forecasts that a plan rests on, and keeps them for the ticks of this process. */
public final class PlanForecastReader {
  private static final String REMEDY =
      ", on which the plan rests; restore the table, or halt the campaign and plan a new one";

  private final TableStore store;
  private final Map<String, ArmForecasts> read = new ConcurrentHashMap<>();

  /** A reader of the lake's forecasts. */
  public PlanForecastReader(TableStore store) {
    this.store = store;
  }

  /**
   * Returns a plan's forecasts.
   *
   * @return empty if the plan rests on none, or its search space has nothing to try
   * @throws LakeException if the lake does not hold them, or holds others under their hash
   */
  public Optional<ArmForecasts> of(Plan plan) {
    if (plan.basis().isEmpty()) {
      return Optional.empty();
    }
    String hash = plan.basis().get().forecastsHash();
    // No reader waits for another one, which may have been given up and still be reading.
    Optional<ArmForecasts> forecasts =
        Optional.ofNullable(read.get(hash)).or(() -> read(hash, plan.hypotheses().isEmpty()));
    forecasts.ifPresent(found -> read.put(hash, found));
    return forecasts;
  }

  private Optional<ArmForecasts> read(String hash, boolean mayBeNone) {
    Optional<ArmForecasts> forecasts =
        PlanForecastsTable.decode(
            store.readWhere(PlanForecastsTable.TABLE, "forecasts_hash", hash).rows());
    if (forecasts.isEmpty() && !mayBeNone) {
      throw new LakeException("Table plan_forecasts does not hold the forecasts " + hash + REMEDY);
    }
    String found = forecasts.map(ArmForecasts::hash).orElse(hash);
    if (!found.equals(hash)) {
      throw new LakeException(
          "Table plan_forecasts was changed: what it holds as forecasts "
              + hash
              + " has the hash "
              + found
              + REMEDY);
    }
    return forecasts;
  }
}
