package dev.dormouse.cli;

import dev.dormouse.cli.text.LearnText;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.learn.LearnSummary;
import dev.dormouse.learn.Learner;
import dev.dormouse.tick.CorruptLogException;
import dev.dormouse.wiring.SparkJobs;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse learn}. */
@Command(
    name = "learn",
    mixinStandardHelpOptions = true,
    description =
        "Mines what campaigns measured, and builds the plans that wait for approval again. Does"
            + " nothing if nothing is new; meant for a schedule.")
final class LearnCommand implements Callable<Integer> {
  @Option(
      names = "--due",
      description =
          "Only print the campaigns that ended since the last learning; exit code 3 if none did.")
  private boolean due;

  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Deployment deployment = lake.deployment();
    KernelLake opened = LakeOptions.open(deployment);
    try {
      return due ? due(opened) : learn(deployment, opened);
    } catch (CorruptLogException e) {
      throw new CommandException(ExitCode.GUARDRAIL, e.getMessage());
    }
  }

  private int due(KernelLake opened) {
    List<String> ended = Learner.of(opened).ended();
    if (output.isJson()) {
      output.printJson(ended);
    } else {
      ended.forEach(campaign -> output.out().printf("Since the last learning %s.%n", campaign));
    }
    return ended.isEmpty() ? ExitCode.NOTHING_TO_DO : ExitCode.OK;
  }

  private int learn(Deployment deployment, KernelLake opened) {
    LearnSummary summary = SparkJobs.learn(deployment, opened, Instant.now());
    if (output.isJson()) {
      output.printJson(summary);
    } else {
      LearnText.lines(summary).forEach(output.out()::println);
    }
    return summary.failures().isEmpty() ? ExitCode.OK : ExitCode.BAD_INPUT;
  }
}
