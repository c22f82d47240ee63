package dev.dormouse.eval.simulate;

import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * A process that runs a tick. Before and after every input or output it may crash, or another
 * process may run in its place.
 */
final class SimulatedProcess {
  private final Chaos chaos;
  private final Semaphore turn = new Semaphore(0);
  private final int crashAt;
  private SimulatedProcess other;
  private boolean ended;
  private int points;
  private Throwable failure;

  /**
   * Creates a process.
   *
   * @param crashAt number of the point at which it crashes, from 0; negative for none
   */
  SimulatedProcess(Chaos chaos, int crashAt) {
    this.chaos = chaos;
    this.crashAt = crashAt;
  }

  /**
   * Marks a point before or after an input or output.
   *
   * @throws SimulatedCrash if the process crashes here
   */
  void point(String where) {
    if (points == crashAt) {
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

  /** Returns the crash or the exception that ended the process; null if it ended normally. */
  Throwable failure() {
    return failure;
  }

  /** Runs work in this process, alone. */
  void run(Runnable work) {
    failure = null;
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** Runs two processes interleaved: only one of them runs at any time. */
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
          throw new IllegalStateException("A simulation must not be interrupted", e);
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
