package dev.dormouse.eval.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a script of Python and returns what it printed.
 *
 * @param script the script
 * @param environment a Python environment to run it in; without one, {@code python3} runs it
 */
public record PythonScript(Path script, Optional<Path> environment) {
  static final String PLAIN_PYTHON = "python3";

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
    Path messages = Files.createTempFile("dormouse-script", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(messages.toFile()).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
      if (waitFor(process) != 0) {
        List<String> said = Files.readAllLines(messages);
        throw new IOException(
            arguments.get(0)
                + " of "
                + script
                + " failed: "
                + (said.isEmpty() ? "no message" : said.get(said.size() - 1)));
      }
      return lines;
    } finally {
      Files.deleteIfExists(messages);
    }
  }

  private static int waitFor(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while a script of Python ran", e);
    }
  }
}
