package dev.dormouse.eval.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does independent work, some of it at the same time. */
public final class InParallel {
  private InParallel() {}

  /**
   * Returns the results of all work, in the order of the work.
   *
   * @param parallel how much is done at the same time
   * @throws IOException if some work fails; the message is that of the failure
   */
  public static <T> List<T> all(List<Callable<T>> work, int parallel) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<T>> running = work.stream().map(threads::submit).toList();
      List<T> done = new ArrayList<>();
      for (Future<T> one : running) {
        done.add(one.get());
      }
      return done;
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while work was going on", e);
    } finally {
      threads.shutdownNow();
    }
  }
}
