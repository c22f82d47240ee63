package dev.dormouse.eval.live;

import dev.dormouse.model.Arm;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs {@code surfaces.py}: to fit surfaces, to train on them, to value arms, and to let other
 * optimizers play.
 */
public final class SurfaceScript {
  /** Fitting all surfaces takes minutes; so do the slowest optimizers. */
  private static final Duration LIMIT = Duration.ofHours(2);

  private final PythonScript python;

  /**
   * Prepares the script.
   *
   * @param script {@code surfaces.py}
   * @param environment a Python environment with the other optimizers; without one, surfaces cannot
   *     be fitted and only random search can play
   */
  public SurfaceScript(Path script, Optional<Path> environment) {
    this.python = new PythonScript(script.toAbsolutePath().normalize(), environment, LIMIT);
  }

  /** Returns whether surfaces can be fitted, and all other optimizers can play. */
  public boolean hasEnvironment() {
    return python.environment().isPresent();
  }

  /** Returns the file of the script. */
  Path file() {
    return python.script();
  }

  /**
   * Fits a surface to each task and writes one file each.
   *
   * @throws IOException if that fails; the message has the last line that the script wrote
   */
  void fit(Path tasks, List<Path> history, Optional<String> task, Path out) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("fit", "--tasks", tasks.toString(), "--out", out.toString()));
    history.forEach(directory -> arguments.addAll(List.of("--history", directory.toString())));
    task.ifPresent(only -> arguments.addAll(List.of("--task", only)));
    python.run(arguments, "");
  }

  /** Returns the command that trains on a surface, as a campaign file states it. */
  String trainCommand(Path surface, int replicate) {
    return String.join(
        " ",
        PythonScript.PLAIN_PYTHON,
        quoted(python.script()),
        "train --surface",
        quoted(surface),
        "--replicate " + replicate + " --config {config_file}");
  }

  private static String quoted(Path path) {
    return "'" + path.toAbsolutePath().normalize().toString().replace("'", "'\\''") + "'";
  }

  /** Returns the values of arms without noise, in their order. */
  List<Double> values(Path surface, List<Arm> arms) throws IOException {
    String input =
        arms.stream().map(arm -> Json.write(arm.asMap())).collect(Collectors.joining("\n"));
    return python.run(List.of("value", "--surface", surface.toString()), input).stream()
        .map(Double::valueOf)
        .toList();
  }

  /** Lets an optimizer play, and returns its lines. */
  List<String> play(String method, Path surface, int baseline, int budget, int replicate)
      throws IOException {
    List<String> arguments =
        List.of(
            "play",
            "--surface",
            surface.toString(),
            "--method",
            method,
            "--baseline",
            Integer.toString(baseline),
            "--budget",
            Integer.toString(budget),
            "--replicate",
            Integer.toString(replicate));
    return python.run(arguments, "");
  }
}
