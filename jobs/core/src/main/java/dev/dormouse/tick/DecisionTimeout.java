package dev.dormouse.tick;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Runs work that may fail or never end, so that other work can continue. */
final class DecisionTimeout {
  private final Duration limit;

  /** A time limit; zero means none. */
  DecisionTimeout(Duration limit) {
    this.limit = limit;
  }

  /** The work failed or took too long. */
  static final class WorkFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    WorkFailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Runs work and returns its result.
   *
   * @throws WorkFailedException if it throws an exception, recurses without end or takes too long;
   *     it may then continue in the background, without effect
   */
  <T> T call(Supplier<T> work) throws WorkFailedException {
    try {
      return limit.isZero() ? work.get() : inTime(work);
    } catch (RuntimeException | StackOverflowError e) {
      throw new WorkFailedException(String.valueOf(e), e);
    }
  }

  private <T> T inTime(Supplier<T> work) throws WorkFailedException {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(task, "decision");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new WorkFailedException("it took longer than " + limit.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WorkFailedException("it was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error && !(error instanceof StackOverflowError)) {
        throw error;
      }
      throw new WorkFailedException(String.valueOf(e.getCause()), e.getCause());
    }
  }
}
