package dev.dormouse.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads when processes of this machine started. A tick may ask for a hundred thousand of them: on
 * Linux this reads one file for each, where {@link ProcessHandle} reads several.
 */
final class LivingProcess {
  private static final Path PROC = Path.of("/proc");

  /** Linux gives times in hundredths of a second (USER_HZ). */
  private static final long MILLIS_PER_TICK = 10;

  /** Index of the 22nd field, counted from the field after the name. */
  private static final int START_FIELD = 19;

  private static final Optional<Instant> BOOT = boot();

  private LivingProcess() {}

  /**
   * Returns when a process started; empty if it does not exist or is a zombie. {@link Instant#MIN}
   * if the system does not provide it.
   */
  static Optional<Instant> startOf(long pid) {
    if (BOOT.isEmpty()) {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .map(process -> process.info().startInstant().orElse(Instant.MIN));
    }
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      // The name may contain anything, even brackets.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z")
          ? Optional.empty()
          : Optional.of(
              BOOT.get().plusMillis(MILLIS_PER_TICK * Long.parseLong(fields[START_FIELD])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> boot() {
    try {
      return Files.readAllLines(PROC.resolve("stat")).stream()
          .filter(line -> line.startsWith("btime "))
          .map(line -> Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
