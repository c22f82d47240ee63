package dev.dormouse.eval.simulate;

import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A process that runs a tick. Every input or output is a point at which it may die, or another
 * process may go on in its stead.
 */
final class SimulatedProcess {
  private final Chaos chaos;
  private final Semaphore turn = new Semaphore(0);
  private final int deathAt;
  private SimulatedProcess other;
  private boolean ended;
  private int points;
  private Throwable failure;

  /**
   * A process.
   *
   * @param deathAt at which of its points it dies; below 0: at none
   */
  SimulatedProcess(Chaos chaos, int deathAt) {
    this.chaos = chaos;
    this.deathAt = deathAt;
  }

  /**
   * Something is about to happen, or has just happened, outside the process.
   *
   * @throws SimulatedCrash if the process dies here
   */
  void point(String where) {
    if (points == deathAt) {
      chaos.count(Chaos.Fault.CRASH);
      points++;
      throw new SimulatedCrash(where);
    }
    points++;
    if (other != null && !other.ended && chaos.random().nextInt(3) == 0) {
      other.turn.release();
      turn.acquireUninterruptibly();
    }
  }

  /** How it died, if it did; what it threw otherwise; null if it ended well. */
  Throwable failure() {
    return failure;
  }

  /** Runs work as this process, alone. */
  void run(Runnable work) {
    failure = null;
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** Runs two processes at the same time, of which always only one moves. */
  static void interleave(
      SimulatedProcess first, Runnable work, SimulatedProcess second, Runnable otherWork) {
    first.other = second;
    second.other = first;
    List<Thread> threads = List.of(first.thread(work), second.thread(otherWork));
    threads.forEach(Thread::start);
    first.turn.release();
    for (Thread thread : threads) {
      boolean done = false;
      while (!done) {
        try {
          thread.join();
          done = true;
        } catch (InterruptedException e) {
          throw new IllegalStateException("A simulation is not to be interrupted", e);
        }
      }
    }
  }

  private Thread thread(Runnable work) {
    return new Thread(
        () -> {
          turn.acquireUninterruptibly();
          try {
            run(work);
          } finally {
            ended = true;
            other.turn.release();
          }
        });
  }
}
