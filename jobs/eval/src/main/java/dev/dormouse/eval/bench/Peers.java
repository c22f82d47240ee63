package dev.dormouse.eval.bench;

import dev.dormouse.eval.replay.ReplayRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs widely used optimizers on the pools of a replay, by {@code jobs/eval/peers/peers.py} in a
 * Python environment of its own.
 */
public final class Peers {
  private static final List<String> WITHOUT_HISTORY = List.of("tpe", "smac", "smac_gp");
  private static final List<String> WITH_HISTORY =
      List.of("portfolio", "quantile_transfer", "bounding_box");

  private final Path python;
  private final Path script;

  /**
   * Prepares the optimizers.
   *
   * @param environment a virtual environment that has them
   * @param script {@code peers.py}
   */
  public Peers(Path environment, Path script) {
    this.python = environment.resolve("bin/python3");
    this.script = script;
  }

  /**
   * Returns the methods: Optuna's TPE, SMAC with a forest and with a Gaussian process, and three
   * that need past runs of the same parameters. Optuna's Gaussian process is left out, since it
   * needs PyTorch, which is larger than all other packages together.
   */
  static List<String> methods(boolean withHistory) {
    List<String> methods = new ArrayList<>(WITHOUT_HISTORY);
    if (withHistory) {
      methods.addAll(WITH_HISTORY);
    }
    return List.copyOf(methods);
  }

  /**
   * Replays all episodes of a request by one method.
   *
   * @param pools JSON file of the configurations of each episode
   * @param out file of JSON lines to write, in the format of a replay
   * @throws IOException if the method fails; the message has its last line of output
   */
  public void play(String method, ReplayRequest request, Path pools, Path out) throws IOException {
    List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
    command.addAll(List.of("--method", method, "--tasks", request.tasks().toString()));
    command.addAll(List.of("--budget", Integer.toString(request.budget())));
    command.addAll(List.of("--episodes", Integer.toString(request.episodes())));
    command.addAll(List.of("--out", out.toString()));
    command.addAll(List.of("--pools", pools.toString()));
    request.task().ifPresent(task -> command.addAll(List.of("--task", task)));
    request.history().forEach(dir -> command.addAll(List.of("--history", dir.toString())));
    Path messages = Path.of(out + ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(messages.toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        List<String> output = Files.readAllLines(messages);
        throw new IOException(
            method
                + " failed: "
                + (output.isEmpty() ? "no message" : output.get(output.size() - 1)));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while " + method + " played", e);
    }
  }
}
