package dev.dormouse.tick;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs what may fail, or never end, so that the rest goes on. */
final class DecisionTimeout {
  private final Duration patience;

  /** A fence; with no patience at all there is no limit. */
  DecisionTimeout(Duration patience) {
    this.patience = patience;
  }

  /** What was run inside did not end well. */
  static final class Breach extends Exception {
    private static final long serialVersionUID = 1L;

    Breach(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Runs something.
   *
   * @throws Breach if it throws an exception, recurses without end or takes too long; it may go on
   *     in the background then, without effect
   */
  <T> T call(Supplier<T> work) throws Breach {
    try {
      return patience.isZero() ? work.get() : inTime(work);
    } catch (RuntimeException | StackOverflowError e) {
      throw new Breach(String.valueOf(e), e);
    }
  }

  private <T> T inTime(Supplier<T> work) throws Breach {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, "decision");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new Breach("it took longer than " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Breach("it was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error && !(error instanceof StackOverflowError)) {
        throw error;
      }
      throw new Breach(String.valueOf(e.getCause()), e.getCause());
    }
  }
}
