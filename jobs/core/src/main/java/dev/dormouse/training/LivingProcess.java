package dev.dormouse.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * When processes of this machine began. A tick may ask for a hundred thousand of them, so that on
 * Linux one file is read for each, where {@link ProcessHandle} reads several.
 */
final class LivingProcess {
  private static final Path PROC = Path.of("/proc");

  /** Linux gives times in hundredths of a second whatever its own clock does (USER_HZ). */
  private static final long MILLIS_A_TICK = 10;

  /** The 22nd field, counted from the one after the name. */
  private static final int START_FIELD = 19;

  private static final Optional<Instant> BOOT = boot();

  private LivingProcess() {}

  /**
   * When a process began; empty if it is not there or has ended and only its parent does not care.
   * {@link Instant#MIN} where the system does not tell.
   */
  static Optional<Instant> startOf(long pid) {
    if (BOOT.isEmpty()) {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .map(process -> process.info().startInstant().orElse(Instant.MIN));
    }
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      // The name may hold anything, also brackets.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[0].equals("Z")
          ? Optional.empty()
          : Optional.of(BOOT.get().plusMillis(MILLIS_A_TICK * Long.parseLong(fields[START_FIELD])));
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
