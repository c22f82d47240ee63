package dev.dormouse.cli;

import dev.dormouse.airflow.AirflowClient;
import dev.dormouse.airflow.AirflowException;
import dev.dormouse.airflow.Dag;
import dev.dormouse.airflow.Dags;
import dev.dormouse.config.CheckResult;
import dev.dormouse.config.Deployment;
import dev.dormouse.wiring.Services;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks for {@code dormouse doctor} that an Airflow is healthy and runs the DAGs of this version.
 */
final class AirflowChecks {
  private static final String NAME = "airflow";

  private AirflowChecks() {}

  static List<CheckResult> of(Deployment.Airflow deployed) {
    try {
      AirflowClient airflow = Services.airflow(deployed);
      List<CheckResult> results = new ArrayList<>();
      boolean healthy = airflow.isSchedulerHealthy();
      results.add(
          new CheckResult(
              NAME,
              healthy,
              deployed.url()
                  + " answers; its scheduler is "
                  + (healthy ? "healthy" : "not healthy"),
              healthy ? "" : "start its scheduler"));
      Dags.IDS.forEach(dag -> results.add(dag(airflow, dag)));
      return results;
    } catch (AirflowException e) {
      return List.of(
          new CheckResult(
              NAME,
              false,
              e.getMessage(),
              "correct the deployment's airflow keys or start Airflow; until then no campaign can"
                  + " train there"));
    }
  }

  private static CheckResult dag(AirflowClient airflow, String id) {
    Optional<Dag> dag = airflow.dag(id);
    if (dag.isPresent() && dag.get().hasImportErrors()) {
      return new CheckResult(
          id, false, "Airflow cannot import it", "see the import errors in Airflow");
    }
    if (dag.isEmpty() || dag.get().stale()) {
      return new CheckResult(id, false, "it is not deployed", "deploy dags-client/dags");
    }
    if (!airflow.source(id).strip().equals(Dags.source(id).strip())) {
      return new CheckResult(
          id, false, "it is not of this version of Dormouse", "deploy dags-client/dags again");
    }
    return dag.get().paused()
        ? new CheckResult(id, false, "it is paused", "unpause it in Airflow")
        : new CheckResult(id, true, "is deployed as in this version", "");
  }
}
