package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.tick.Outbox;
import dev.dormouse.tracking.MlflowException;
import dev.dormouse.tracking.MlflowGateway;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes campaigns to an MLflow tracking server. A server that cannot be reached, or replies too
 * slowly, causes a warning and leaves the items pending; it never fails a tick or delays it beyond
 * the time limit. Training runs, which do not depend on each other, are sent in parallel.
 */
public final class MlflowOutbox implements Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowOutbox.class);

  /** Time limit within a tick. */
  public static final Duration TIME_LIMIT = Duration.ofSeconds(30);

  /** Concurrent requests: enough to keep a server of one process busy, few enough for any. */
  private static final int PARALLEL = 6;

  private final URI trackingUri;
  private final MlflowGateway gateway;
  private final Duration timeLimit;
  private final Links links;
  private final ArtifactSource artifacts;

  /**
   * An outbox.
   *
   * @param trackingUri e.g. {@code http://127.0.0.1:5000}
   * @param timeLimit the longest that one {@link #publish} may take; items that are left stay
   *     pending
   * @param links pages that runs link to
   * @param artifacts source of the files that a campaign's log does not hold
   */
  public MlflowOutbox(URI trackingUri, Duration timeLimit, Links links, ArtifactSource artifacts) {
    this.trackingUri = trackingUri;
    this.gateway = new MlflowGateway(trackingUri, MlflowGateway.REPLY_LIMIT);
    this.timeLimit = timeLimit;
    this.links = links;
    this.artifacts = artifacts;
  }

  /** Returns the same outbox with another time limit. */
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
      throw new IllegalStateException("Publishing to MLflow failed; this is a bug", e);
    }
  }

  private void publish(
      CampaignState state, List<OutboxItem> pending, ExecutorService workers, Set<String> done) {
    AtomicBoolean lost = new AtomicBoolean();
    try {
      MlflowRuns runs =
          MlflowRuns.open(gateway, artifacts, OutboxItems.experiment(state.campaignId()));
      List<OutboxItem> first = pending.stream().filter(item -> !isTrial(item)).toList();
      List<RunItem> trials =
          pending.stream().filter(MlflowOutbox::isTrial).map(RunItem.class::cast).toList();
      // Parents before children; the campaign's last items depend on the campaign's run only.
      first.forEach(item -> publish(state, item, runs, done, lost));
      if (!trials.isEmpty() && !lost.get()) {
        runs.fetchSince(
            trials.stream().map(RunItem::startedAt).min(Instant::compareTo).orElseThrow());
        inParallel(trials, workers, item -> publish(state, item, runs, done, lost));
      }
    } catch (MlflowException e) {
      LOG.warn(
          "Cannot publish {}; {} items stay pending: {}",
          state.campaignId(),
          pending.size() - done.size(),
          e.getMessage());
    }
  }

  private static boolean isTrial(OutboxItem item) {
    return item instanceof RunItem run && run.runKey().startsWith(OutboxItems.TRIAL);
  }

  private static void inParallel(
      List<RunItem> trials, ExecutorService workers, Consumer<RunItem> publish) {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> shares = new ArrayList<>();
    for (int i = 0; i < Math.min(PARALLEL, trials.size()); i++) {
      shares.add(
          workers.submit(
              () -> {
                int index;
                while ((index = next.getAndIncrement()) < trials.size()) {
                  publish.accept(trials.get(index));
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
    } catch (MlflowException.Unreachable e) {
      if (!lost.getAndSet(true)) {
        LOG.warn("The rest of {} stays pending: {}", state.campaignId(), e.getMessage());
      }
    } catch (MlflowException | MlflowRuns.ParentMissingException e) {
      LOG.warn("{} stays pending: {}", item.key(), e.getMessage());
    }
  }
}
