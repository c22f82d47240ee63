package dev.dormouse.cli;

import dev.dormouse.cli.text.InsightText;
import dev.dormouse.wiring.SparkJobs;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse mine}. */
@Command(
    name = "mine",
    mixinStandardHelpOptions = true,
    description =
        "Mines the lake's runs for insights: which changes help or hurt, which runs fail, what was"
            + " never tried.")
final class MineCommand implements Callable<Integer> {
  @Option(
      names = "--top",
      defaultValue = "12",
      description = "Number of insights to print (default: ${DEFAULT-VALUE}).")
  private int top;

  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    InsightText.printMining(
        SparkJobs.mine(lake.deployment().lake(), Instant.now()), top, output.out());
    return ExitCode.OK;
  }
}
