package dev.dormouse.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Determines whether processes of this machine are alive. A tick may ask for a hundred thousand of
 * them, so that on Linux one file is read for each, where {@link ProcessHandle} reads several.
 */
public final class LivingProcess {
  private static final Path PROC = Path.of("/proc");

  /** Linux gives times in hundredths of a second (USER_HZ). */
  private static final long MILLIS_PER_TICK = 10;

  /** Index of the 22nd field, counted from the field after the name. */
  private static final int START_FIELD = 19;

  /** A file's time and a process's start may differ by this much. */
  private static final Duration START_TIME_ERROR = Duration.ofSeconds(2);

  private static final Optional<Instant> BOOT = boot();

  private LivingProcess() {}

  /**
   * Returns whether the process whose id was recorded is alive: one that began later only reuses
   * the id.
   *
   * @param recordedAt when the id was recorded, as the time of a file
   */
  public static boolean isAlive(long pid, Instant recordedAt) {
    Instant latestStart = recordedAt.plus(START_TIME_ERROR);
    return startOf(pid).map(latestStart::isAfter).orElse(false);
  }

  /**
   * Returns when a process began; empty if there is none or only its exit status is left. {@link
   * Instant#MIN} where the system does not tell.
   */
  private static Optional<Instant> startOf(long pid) {
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
