package dev.dormouse.publish;

import dev.dormouse.campaign.CampaignState;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbox to an MLflow tracking server. A server that cannot be reached, or answers too slowly,
 * costs a warning and leaves everything pending; it never fails or holds up a tick for longer than
 * the time limit.
 */
public final class MlflowOutbox implements Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowOutbox.class);
  private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

  private final URI trackingUri;
  private final Duration timeLimit;

  /** The outbox to this server, with half a minute for each {@link #publish}. */
  public MlflowOutbox(URI trackingUri) {
    this(trackingUri, TIME_LIMIT);
  }

  /**
   * The outbox to this server.
   *
   * @param trackingUri e.g. {@code http://127.0.0.1:5000}
   * @param timeLimit the longest that one {@link #publish} may take; what is left then stays
   *     pending
   */
  public MlflowOutbox(URI trackingUri, Duration timeLimit) {
    this.trackingUri = trackingUri;
    this.timeLimit = timeLimit;
  }

  @Override
  public int pending(CampaignState state) {
    return OutboxItems.pending(state).size();
  }

  @Override
  public List<String> publish(CampaignState state) {
    List<OutboxItem> pending = OutboxItems.pending(state);
    if (pending.isEmpty()) {
      return List.of();
    }
    List<String> done = Collections.synchronizedList(new ArrayList<>());
    // The MLflow client has no timeouts of its own: closing it from here ends a call that hangs.
    try (MlflowRuns runs = new MlflowRuns(trackingUri)) {
      FutureTask<Void> work =
          new FutureTask<>(() -> publish(state.campaignId(), pending, runs, done), null);
      Thread worker = new Thread(work, "mlflow-outbox");
      worker.setDaemon(true);
      worker.start();
      await(work, pending, done);
    }
    synchronized (done) {
      return List.copyOf(done);
    }
  }

  private void await(FutureTask<Void> work, List<OutboxItem> pending, List<String> done) {
    try {
      work.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      work.cancel(true);
      LOG.warn(
          "MLflow at {} took longer than {}; {} of {} items stay pending",
          trackingUri,
          timeLimit,
          pending.size() - done.size(),
          pending.size());
    } catch (InterruptedException e) {
      work.cancel(true);
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Publishing to MLflow failed by an error of ours", e);
    }
  }

  private void publish(
      String campaignId, List<OutboxItem> pending, MlflowRuns runs, List<String> done) {
    try {
      runs.open(OutboxItems.experiment(campaignId));
    } catch (MlflowClientException e) {
      LOG.warn(
          "MLflow at {} cannot be used now ({}); {} items stay pending",
          trackingUri,
          e.getMessage(),
          pending.size());
      return;
    }
    for (OutboxItem item : pending) {
      try {
        runs.publish(item);
        done.add(item.key());
      } catch (MlflowClientException e) {
        if (e instanceof MlflowHttpException refusal && refusal.getStatusCode() < 500) {
          LOG.warn("MLflow refused {}, which stays pending: {}", item.key(), e.getMessage());
          continue;
        }
        LOG.warn(
            "MLflow at {} is no longer reachable ({}); {} items stay pending",
            trackingUri,
            e.getMessage(),
            pending.size() - done.size());
        return;
      }
    }
  }
}
