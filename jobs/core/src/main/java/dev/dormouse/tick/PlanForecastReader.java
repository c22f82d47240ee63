package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.Observation;
import dev.dormouse.io.LakeException;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.table.PlanForecastsTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the forecasts that a plan rests on, and keeps them for the ticks of this process. */
public final class PlanForecastReader {
  private final TableStore store;
  private final Map<String, ArmForecasts> read = new HashMap<>();

  /** A reader of the lake's forecasts. */
  public PlanForecastReader(TableStore store) {
    this.store = store;
  }

  /**
   * Returns a plan's forecasts.
   *
   * @return empty if the plan rests on none
   * @throws LakeException if the lake does not hold them, or holds others under their hash
   */
  public Optional<ArmForecasts> of(Plan plan) {
    return plan.basis().map(basis -> read.computeIfAbsent(basis.forecastsHash(), this::read));
  }

  /** Returns the forecasts if the next decision may have to choose an arm. */
  Optional<ArmForecasts> forDecision(CampaignState state, List<Observation> observations) {
    boolean free =
        state.spec().map(s -> state.open().size() < s.budget().maxParallel()).orElse(false)
            || observations.stream().anyMatch(PlanForecastReader::endsAttempt);
    boolean choosing =
        state.status() == Status.RUNNING || state.status() == Status.WAITING_FOR_APPROVAL
            || state.status() == Status.PAUSED;
    boolean fixed = state.phase().filter(phase -> phase == Phase.CONFIRMATION).isPresent();
    return free && choosing && !fixed ? state.plan().flatMap(this::of) : Optional.empty();
  }

  private static boolean endsAttempt(Observation observation) {
    return !(observation instanceof Observation.Running)
        && !(observation instanceof Observation.Queued)
        && !(observation instanceof Observation.Unknown);
  }

  private ArmForecasts read(String hash) {
    ArmForecasts forecasts =
        PlanForecastsTable.decode(
                store.readWhere(PlanForecastsTable.TABLE, "forecasts_hash", hash).rows())
            .orElseThrow(
                () ->
                    new LakeException(
                        "Table plan_forecasts has no forecasts "
                            + hash
                            + ", on which an approved plan rests; run 'dormouse plan' again"));
    if (!forecasts.hash().equals(hash)) {
      throw new LakeException(
          "Table plan_forecasts was changed: the forecasts "
              + hash
              + " have the hash "
              + forecasts.hash()
              + "; restore the table's version of the plan");
    }
    return forecasts;
  }
}
