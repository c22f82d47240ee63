package dev.dormouse.eval.live;

import dev.dormouse.cli.Dormouse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs commands of Dormouse in this process, as a user types them, with one deployment.
 *
 * @param deployment properties file of the deployment
 */
record Commands(Path deployment) {
  /**
   * Runs a command and returns its output.
   *
   * @throws IllegalStateException if its exit code is not 0; the message has what it wrote to
   *     standard error
   */
  String run(String... words) {
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.addAll(List.of("--deployment", deployment.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Dormouse.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments.toArray(String[]::new));
    if (exitCode != 0) {
      throw new IllegalStateException(
          "dormouse "
              + String.join(" ", words)
              + " ended with exit code "
              + exitCode
              + ": "
              + err.toString().strip());
    }
    return out.toString();
  }
}
