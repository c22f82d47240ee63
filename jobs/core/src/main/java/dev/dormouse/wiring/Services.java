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

/** Puts together what a deployment names. */
public final class Services {
  private Services() {}

  public static Ticker ticker(KernelLake lake, Deployment deployment) {
    return new Ticker(
        TickServices.of(
            lake,
            backends(deployment),
            outbox(lake, deployment).map(Outbox.class::cast),
            Clock.systemUTC()));
  }

  public static Approvals approvals(KernelLake lake, Deployment deployment) {
    List<ApprovalChannel> channels = new ArrayList<>();
    if (deployment.approvalChannels().contains("airflow")) {
      deployment.airflow().ifPresent(airflow -> channels.add(new AirflowApproval(client(airflow))));
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

  public static TrainingBackend backends(Deployment deployment) {
    Map<String, TrainingBackend> backends = new TreeMap<>();
    backends.put("local", backend(deployment));
    deployment
        .airflow()
        .ifPresent(
            airflow ->
                backends.put(
                    "airflow",
                    new AirflowBackend(client(airflow), deployment.workDir(), Clock.systemUTC())));
    Backends all = new Backends(backends);
    return deployment
        .mlflow()
        .map(MlflowReader::new)
        .<TrainingBackend>map(
            mlflow -> new MlflowResults(all, deployment.workDir(), mlflow::metricsOfAttempt))
        .orElse(all);
  }

  public static AirflowClient client(Deployment.Airflow airflow) {
    return new AirflowClient(airflow.url(), airflow.credentials());
  }

  public static LocalBackend backend(Deployment deployment) {
    return new LocalBackend(deployment.workDir(), Clock.systemUTC());
  }

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

  /** Where calls of language models are shown, if the deployment has both a model and a server. */
  public static Optional<LlmTraces> traces(KernelLake lake, Deployment deployment) {
    return deployment.llm().isEmpty()
        ? Optional.empty()
        : deployment.mlflow().map(uri -> new LlmTraces(uri, lake));
  }
}
