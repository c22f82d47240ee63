package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.CampaignSpec;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Pages of other tools that runs link to.
 *
 * @param airflow URL of Airflow's pages, if campaigns may train there
 */
public record Links(Optional<URI> airflow) {
  /** No other tools. */
  public static final Links NONE = new Links(Optional.empty());

  private static final String BACKEND = "airflow";
  private static final String DAG = "dormouse_train";

  /** Returns Airflow's page of the run that trained an attempt; empty if Airflow did not. */
  Optional<String> airflowRun(CampaignSpec spec, Attempt attempt) {
    return spec.training().backend().equals(BACKEND)
        ? airflow.flatMap(
            url ->
                attempt
                    .externalId()
                    .map(
                        id ->
                            url.toString().replaceAll("/+$", "")
                                + "/dags/"
                                + DAG
                                + "/runs/"
                                + URLEncoder.encode(id, StandardCharsets.UTF_8)))
        : Optional.empty();
  }
}
