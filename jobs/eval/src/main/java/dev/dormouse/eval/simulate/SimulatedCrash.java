package dev.dormouse.eval.simulate;

/** Crash of a simulated process. An error, so that no handler of exceptions can catch it. */
final class SimulatedCrash extends Error {
  private static final long serialVersionUID = 1L;

  SimulatedCrash(String where) {
    // Without a stack trace: there are millions of them.
    super(where, null, false, false);
  }
}
