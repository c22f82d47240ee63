package dev.dormouse.tick;

import dev.dormouse.io.KernelLake;
import dev.dormouse.training.LocalBackend;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** One tick in a process of its own: {@code OneTick LAKE WORK_DIR}. */
final class OneTick {
  private OneTick() {}

  public static void main(String[] args) {
    Clock clock = Clock.systemUTC();
    LocalBackend backend = new LocalBackend(Path.of(args[1]), clock);
    new Ticker(TickServices.of(KernelLake.at(Path.of(args[0])), backend, Optional.empty(), clock))
        .tick();
  }
}
