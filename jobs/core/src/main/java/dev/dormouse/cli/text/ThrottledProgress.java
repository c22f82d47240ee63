package dev.dormouse.cli.text;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/** Prints progress, at most one line in five seconds, and nothing of work shorter than that. */
public final class ThrottledProgress implements Consumer<String> {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final PrintWriter err;
  private long last = System.nanoTime();

  public ThrottledProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void accept(String step) {
    long now = System.nanoTime();
    if (now - last >= INTERVAL.toNanos()) {
      last = now;
      err.println(step + " ...");
      err.flush();
    }
  }
}
