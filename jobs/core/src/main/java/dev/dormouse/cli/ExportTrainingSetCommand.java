package dev.dormouse.cli;

import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse export-training-set}. */
@Command(
    name = "export-training-set",
    mixinStandardHelpOptions = true,
    description =
        "Writes pairs of hypotheses of which one turned out better by more than noise, as JSON"
            + " lines for tuning a language model.")
final class ExportTrainingSetCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File to write (default: standard output).")
  private Path out;

  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    List<String> lines = SparkJobs.trainingPairs(lake.open().root());
    if (out == null) {
      lines.forEach(line -> output.out().println(line));
    } else {
      try {
        Files.write(out, lines);
      } catch (IOException e) {
        throw CommandException.badInput("Cannot write " + out + ": " + e.getMessage());
      }
    }
    output.err().println(lines.size() + " pairs of hypotheses with known outcomes");
    return ExitCode.OK;
  }
}
