package dev.dormouse.eval.cli;

import picocli.CommandLine.Command;

/** {@code dormouse bench ...}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Dormouse: quality of its decisions, speed, robustness.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchMineCommand.class,
      BenchTruthCommand.class,
      BenchCampaignsCommand.class,
      BenchKnownCommand.class,
      BenchLoopCommand.class,
      BenchReplayCommand.class,
      BenchLiveCommand.class,
      BenchHeadlineCommand.class,
      BenchIdeasCommand.class,
      BenchProposeCommand.class,
      BenchSimulateCommand.class,
      BenchTickCommand.class,
      BenchCommitsCommand.class,
      BenchLlmCommand.class,
      BenchPublishCommand.class
    })
final class BenchCommand {}
