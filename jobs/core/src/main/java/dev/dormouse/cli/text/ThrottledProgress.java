package dev.dormouse.cli.text;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

/** Tells what goes on, one line every few seconds at most; of short work nothing. */
public final class ThrottledProgress implements Consumer<String> {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final PrintWriter err;
  private long last = System.nanoTime();

  public ThrottledProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void accept(String step) {
    long now = System.nanoTime();
    if (now - last >= EVERY.toNanos()) {
      last = now;
      err.println(step + " ...");
      err.flush();
    }
  }
}
