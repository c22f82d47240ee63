package dev.dormouse.cli;

import dev.dormouse.tuning.TrainingSet;
import dev.dormouse.tuning.TrainingSetFolder;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse export-training-set}. */
@Command(
    name = "export-training-set",
    mixinStandardHelpOptions = true,
    description =
        "Writes past campaigns as chats and preference pairs with their outcomes, for tuning a"
            + " language model that proposes hypotheses.")
final class ExportTrainingSetCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder to write; it must be empty or not exist yet.")
  private Path out;

  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    TrainingSetFolder.refusal(out)
        .ifPresent(
            reason -> {
              throw CommandException.badInput(reason);
            });
    TrainingSet set = SparkJobs.trainingSet(lake.open().root());
    TrainingSet.Counts counts = set.counts();
    if (counts.campaigns() == 0) {
      throw CommandException.badInput(
          "No campaign of this lake has tried a hypothesis that can be exported, so nothing was"
              + " written; run a campaign past its validation first.");
    }
    try {
      TrainingSetFolder.write(set, out);
    } catch (IOException e) {
      throw CommandException.badInput("Cannot write " + out + ": " + e.getMessage());
    }
    output
        .err()
        .printf(
            "%d answers and %d preference pairs of %d campaigns; README.md describes them%n",
            counts.answers(), counts.preferences(), counts.campaigns());
    output.out().println(out.toAbsolutePath().normalize());
    return ExitCode.OK;
  }
}
