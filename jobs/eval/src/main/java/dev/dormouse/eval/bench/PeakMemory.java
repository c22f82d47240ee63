package dev.dormouse.eval.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** Reads the peak memory of this process. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String FIELD = "VmHWM:";
  private static final double KIB_IN_GB = 1024 / 1e9;

  private PeakMemory() {}

  /**
   * Returns the peak of resident memory in GB (1e9 bytes); empty where /proc does not report it.
   */
  static OptionalDouble gigabytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(FIELD))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB_IN_GB)
          .findFirst();
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }
}
