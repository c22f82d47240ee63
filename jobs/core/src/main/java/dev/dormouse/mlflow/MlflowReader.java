package dev.dormouse.mlflow;

import dev.dormouse.tracking.MlflowException;
import dev.dormouse.tracking.MlflowGateway;
import dev.dormouse.tracking.MlflowMetric;
import dev.dormouse.tracking.MlflowRun;
import dev.dormouse.tracking.RunSearch;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what people and trainers wrote into the runs of campaigns on a tracking server. */
public final class MlflowReader {
  /** The tag by which a trainer names the attempt that its run belongs to. */
  public static final String RUN_ID_TAG = "dormouse.run_id";

  /** A tick may read many runs one after the other, so each must be quick. */
  private static final Duration REPLY_LIMIT = Duration.ofSeconds(10);

  private final MlflowGateway gateway;

  /** A reader of this server. */
  public MlflowReader(URI trackingUri) {
    this(new MlflowGateway(trackingUri, REPLY_LIMIT));
  }

  MlflowReader(MlflowGateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Returns a tag of the run of a campaign; empty if it is not set, or the campaign is not
   * published yet.
   *
   * @throws MlflowException if the server cannot be read
   */
  public Optional<String> tagOfCampaign(String campaignId, String tag) {
    return runOfCampaign(campaignId).map(run -> run.tags().get(tag));
  }

  /**
   * Returns the newest values of the metrics that a trainer logged for an attempt; empty if it
   * logged none.
   *
   * @throws MlflowException if the server cannot be read
   */
  public Optional<Map<String, Double>> metricsOfAttempt(String campaignId, String runId) {
    return newestRun(campaignId, RUN_ID_TAG, runId)
        .map(
            run ->
                run.data().metrics().stream()
                    .collect(Collectors.toMap(MlflowMetric::key, MlflowMetric::value)))
        .filter(metrics -> !metrics.isEmpty());
  }

  /**
   * Returns the run of a campaign; empty if the campaign is not published yet.
   *
   * @throws MlflowException if the server cannot be read
   */
  Optional<MlflowRun> runOfCampaign(String campaignId) {
    return newestRun(campaignId, OutboxItem.KEY_TAG, OutboxItems.campaignKey(campaignId));
  }

  /** Returns the newest run of a campaign's experiment with this tag. */
  private Optional<MlflowRun> newestRun(String campaignId, String tag, String value) {
    return gateway
        .experimentId(OutboxItems.experiment(campaignId))
        .flatMap(
            id ->
                gateway
                    .runs(
                        RunSearch.of(id, "tags.\"" + tag + "\" = '" + value + "'", 1)
                            .orderedBy("attributes.start_time DESC"))
                    .runs()
                    .stream()
                    .findFirst());
  }
}
