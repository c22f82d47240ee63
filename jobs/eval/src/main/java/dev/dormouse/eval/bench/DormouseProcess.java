package dev.dormouse.eval.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./dormouse} as a process and measures time and memory. */
final class DormouseProcess {
  private static final double MB_A_KIB = 1024 / 1e6;

  private final Path launcher;

  DormouseProcess(Path home) {
    this.launcher = home.resolve("dormouse");
  }

  /**
   * A finished process.
   *
   * @param seconds time from start to end
   * @param peakMemoryMb peak of resident memory, in MB (1e6 bytes); 0 where the system does not
   *     report it
   * @param output its standard output
   */
  record Run(double seconds, double peakMemoryMb, String output) {}

  /**
   * Runs a command.
   *
   * @throws IllegalStateException if its exit code is not 0
   */
  Run run(List<String> arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile("dormouse-bench", ".out");
    try {
      List<String> command = new ArrayList<>(List.of(launcher.toString()));
      command.addAll(arguments);
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      double peak = 0;
      while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, peakMemoryMb(process.pid()));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (process.exitValue() != 0) {
        throw new IllegalStateException(command + " ended with exit code " + process.exitValue());
      }
      return new Run(seconds, peak, Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** Reads the peak memory of a process; the launcher script execs Java, so the id is the same. */
  private static double peakMemoryMb(long pid) throws IOException {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * MB_A_KIB)
          .findFirst()
          .orElse(0);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      // The process has just ended.
      return 0;
    }
  }
}
