package dev.dormouse.cli;

import dev.dormouse.cli.text.InsightText;
import dev.dormouse.wiring.SparkJobs;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dormouse mine}. */
@Command(
    name = "mine",
    mixinStandardHelpOptions = true,
    description =
        "Mines the lake's runs for what helps, what hurts, what crashes and what was never tried.")
final class MineCommand extends LakeCommand {
  @Option(
      names = "--top",
      defaultValue = "12",
      description = "How many insights to print (default: ${DEFAULT-VALUE}).")
  private int top;

  @Override
  public Integer call() {
    InsightText.printMining(SparkJobs.mine(deployment().lake(), Instant.now()), top, out());
    return ExitCode.OK;
  }
}
