package dev.dormouse.eval.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a script of Python and returns what it printed.
 *
 * @param script the script
 * @param environment a Python environment to run it in; without one, {@code python3} runs it
 * @param limit how long it may run; then it is killed with all that it started
 */
public record PythonScript(Path script, Optional<Path> environment, Duration limit) {
  static final String PLAIN_PYTHON = "python3";

  private static final long MOST_BYTES = 64L << 20;

  /**
   * Runs the script.
   *
   * @param input its standard input
   * @return the lines of its standard output
   * @throws IOException if that fails; the message has the last line that the script wrote
   */
  public List<String> run(List<String> arguments, String input) throws IOException {
    String python =
        environment.map(dir -> dir.resolve("bin/python3").toString()).orElse(PLAIN_PYTHON);
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(arguments);
    Path output = Files.createTempFile("dormouse-script", ".out");
    Path messages = Files.createTempFile("dormouse-script", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(messages.toFile())
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!endsInTime(process)) {
        throw failed(arguments, "it ran for more than " + limit.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        List<String> said = Files.readAllLines(messages);
        throw failed(arguments, said.isEmpty() ? "no message" : said.get(said.size() - 1));
      }
      if (Files.size(output) > MOST_BYTES) {
        throw failed(arguments, "it printed more than " + MOST_BYTES + " bytes");
      }
      return Files.readAllLines(output);
    } finally {
      Files.deleteIfExists(output);
      Files.deleteIfExists(messages);
    }
  }

  private IOException failed(List<String> arguments, String why) {
    return new IOException(arguments.get(0) + " of " + script + " failed: " + why);
  }

  /** Waits for the end; kills the script and all that it started if that does not come in time. */
  private boolean endsInTime(Process process) throws IOException {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a script of Python ran", e);
    } finally {
      // Its trainings are processes, too. Does nothing after an end of its own.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
