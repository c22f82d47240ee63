package dev.dormouse.wiring;

import dev.dormouse.airflow.AirflowClient;
import dev.dormouse.approval.AirflowApproval;
import dev.dormouse.approval.ApprovalChannel;
import dev.dormouse.approval.Approvals;
import dev.dormouse.approval.MlflowApproval;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mlflow.LakeArtifacts;
import dev.dormouse.mlflow.Links;
import dev.dormouse.mlflow.LlmTraces;
import dev.dormouse.mlflow.MlflowOutbox;
import dev.dormouse.mlflow.MlflowReader;
import dev.dormouse.tick.Outbox;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import dev.dormouse.training.AirflowBackend;
import dev.dormouse.training.Backends;
import dev.dormouse.training.LocalBackend;
import dev.dormouse.training.MlflowResults;
import dev.dormouse.training.TrainingBackend;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Builds the services that a deployment names. Needs no Spark. */
public final class Services {
  private Services() {}

  /**
   * Returns what runs ticks: it trains on the deployment's backends and publishes to its MLflow.
   */
  public static Ticker ticker(KernelLake lake, Deployment deployment) {
    return new Ticker(
        TickServices.of(
            lake,
            backends(deployment),
            outbox(lake, deployment).map(Outbox.class::cast),
            Clock.systemUTC()));
  }

  /** Returns what collects approvals from the channels that the deployment allows. */
  public static Approvals approvals(KernelLake lake, Deployment deployment) {
    List<ApprovalChannel> channels = new ArrayList<>();
    if (deployment.approvalChannels().contains("airflow")) {
      deployment
          .airflow()
          .ifPresent(airflow -> channels.add(new AirflowApproval(airflow(airflow))));
    }
    if (deployment.approvalChannels().contains("mlflow")) {
      deployment
          .mlflow()
          .map(MlflowReader::new)
          .ifPresent(
              mlflow ->
                  channels.add(
                      new MlflowApproval(
                          campaign -> mlflow.tagOfCampaign(campaign, MlflowApproval.TAG))));
    }
    return new Approvals(lake, channels);
  }

  /**
   * Returns a backend that passes each training on to the one that its campaign names, and reads
   * results from MLflow where a training left none in its run directory.
   */
  public static TrainingBackend backends(Deployment deployment) {
    Map<String, TrainingBackend> backends = new TreeMap<>();
    backends.put("local", localBackend(deployment));
    deployment
        .airflow()
        .ifPresent(
            airflow ->
                backends.put(
                    "airflow",
                    new AirflowBackend(airflow(airflow), deployment.workDir(), Clock.systemUTC())));
    Backends all = new Backends(backends);
    return deployment
        .mlflow()
        .map(MlflowReader::new)
        .<TrainingBackend>map(
            mlflow -> new MlflowResults(all, deployment.workDir(), mlflow::metricsOfAttempt))
        .orElse(all);
  }

  /** Returns a client that logs in as the deployment says. */
  public static AirflowClient airflow(Deployment.Airflow airflow) {
    return new AirflowClient(airflow.url(), airflow.credentials());
  }

  /** Returns a backend that trains on this machine. */
  public static LocalBackend localBackend(Deployment deployment) {
    return new LocalBackend(deployment.workDir(), Clock.systemUTC());
  }

  /** Returns what publishes to MLflow; empty if the deployment names no server. */
  public static Optional<MlflowOutbox> outbox(KernelLake lake, Deployment deployment) {
    Links links = new Links(deployment.airflow().map(Deployment.Airflow::url));
    return deployment
        .mlflow()
        .map(
            uri ->
                new MlflowOutbox(
                    uri,
                    MlflowOutbox.TIME_LIMIT,
                    links,
                    new LakeArtifacts(lake, deployment.workDir())));
  }

  /**
   * Returns what publishes calls of language models as traces; empty unless the deployment names
   * both a model and an MLflow server.
   */
  public static Optional<LlmTraces> traces(KernelLake lake, Deployment deployment) {
    return deployment.llm().isEmpty()
        ? Optional.empty()
        : deployment.mlflow().map(uri -> new LlmTraces(uri, lake));
  }
}
