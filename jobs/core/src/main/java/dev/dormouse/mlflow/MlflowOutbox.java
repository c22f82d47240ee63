package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.tick.Outbox;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbox to an MLflow tracking server. A server that cannot be reached, or answers too slowly,
 * costs a warning and leaves everything pending; it never fails or holds up a tick for longer than
 * the time limit. What does not rest on each other is sent in parallel.
 */
public final class MlflowOutbox implements Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowOutbox.class);

  /** What a tick has for it. */
  public static final Duration TIME_LIMIT = Duration.ofSeconds(30);

  /** Requests at a time: enough to keep a server of one process busy, few enough for any. */
  private static final int PARALLEL = 6;

  private final URI trackingUri;
  private final Duration timeLimit;
  private final Links links;
  private final ArtifactSource artifacts;

  /** The outbox to this server, with half a minute for each {@link #publish}. */
  public MlflowOutbox(URI trackingUri) {
    this(trackingUri, TIME_LIMIT, Links.NONE, ArtifactSource.NONE);
  }

  /**
   * The outbox to this server.
   *
   * @param trackingUri e.g. {@code http://127.0.0.1:5000}
   * @param timeLimit the longest that one {@link #publish} may take; what is left then stays
   *     pending
   * @param links pages that runs point to
   * @param artifacts files that a campaign's log does not hold
   */
  public MlflowOutbox(URI trackingUri, Duration timeLimit, Links links, ArtifactSource artifacts) {
    this.trackingUri = trackingUri;
    this.timeLimit = timeLimit;
    this.links = links;
    this.artifacts = artifacts;
  }

  /** The same outbox with another time limit. */
  public MlflowOutbox within(Duration limit) {
    return new MlflowOutbox(trackingUri, limit, links, artifacts);
  }

  @Override
  public int pending(CampaignState state) {
    return OutboxItems.pending(state, links).size();
  }

  @Override
  public List<String> publish(CampaignState state) {
    List<OutboxItem> pending = OutboxItems.pending(state, links);
    if (pending.isEmpty()) {
      return List.of();
    }
    Set<String> done = ConcurrentHashMap.newKeySet();
    ExecutorService workers = Executors.newFixedThreadPool(PARALLEL + 1, MlflowOutbox::worker);
    try {
      Future<?> work = workers.submit(() -> publish(state, pending, workers, done));
      await(work, pending, done);
    } finally {
      workers.shutdownNow();
    }
    return pending.stream().map(OutboxItem::key).filter(done::contains).toList();
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "mlflow-outbox");
    thread.setDaemon(true);
    return thread;
  }

  private void await(Future<?> work, List<OutboxItem> pending, Set<String> done) {
    try {
      work.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn(
          "MLflow at {} took longer than {}; {} of {} items stay pending",
          trackingUri,
          timeLimit,
          pending.size() - done.size(),
          pending.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Publishing to MLflow failed by an error of ours", e);
    }
  }

  private void publish(
      CampaignState state, List<OutboxItem> pending, ExecutorService workers, Set<String> done) {
    MlflowRuns runs = new MlflowRuns(trackingUri, artifacts);
    AtomicBoolean lost = new AtomicBoolean();
    try {
      runs.open(OutboxItems.experiment(state.campaignId()));
      List<OutboxItem> first = pending.stream().filter(item -> !isTrial(item)).toList();
      List<RunItem> trials =
          pending.stream().filter(MlflowOutbox::isTrial).map(RunItem.class::cast).toList();
      // Parents before children; the campaign's last items may rest on nothing but its run.
      first.forEach(item -> publish(state, item, runs, done, lost));
      if (!trials.isEmpty() && !lost.get()) {
        runs.lookUpSince(
            trials.stream().map(RunItem::startedAt).min(Instant::compareTo).orElseThrow());
        all(trials, workers, item -> publish(state, item, runs, done, lost));
      }
    } catch (MlflowClientException e) {
      LOG.warn(
          "MLflow at {} cannot be used now ({}); {} items stay pending",
          trackingUri,
          e.getMessage(),
          pending.size() - done.size());
    }
  }

  private static boolean isTrial(OutboxItem item) {
    return item instanceof RunItem run && run.runKey().startsWith(OutboxItems.TRIAL);
  }

  private static void all(
      List<RunItem> trials, ExecutorService workers, Consumer<RunItem> publish) {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> shares = new ArrayList<>();
    for (int i = 0; i < Math.min(PARALLEL, trials.size()); i++) {
      shares.add(
          workers.submit(
              () -> {
                int mine;
                while ((mine = next.getAndIncrement()) < trials.size()) {
                  publish.accept(trials.get(mine));
                }
              }));
    }
    try {
      for (Future<?> share : shares) {
        share.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void publish(
      CampaignState state, OutboxItem item, MlflowRuns runs, Set<String> done, AtomicBoolean lost) {
    if (lost.get() || Thread.currentThread().isInterrupted()) {
      return;
    }
    try {
      runs.publish(state, item);
      done.add(item.key());
    } catch (MlflowHttpException e) {
      if (e.getStatusCode() >= 500) {
        lose(e, lost);
      } else {
        LOG.warn("MLflow refused {}, which stays pending: {}", item.key(), e.getMessage());
      }
    } catch (MlflowClientException e) {
      lose(e, lost);
    }
  }

  private void lose(MlflowClientException e, AtomicBoolean lost) {
    if (!lost.getAndSet(true)) {
      LOG.warn(
          "MLflow at {} is no longer reachable ({}); the rest stays pending",
          trackingUri,
          e.getMessage());
    }
  }
}
