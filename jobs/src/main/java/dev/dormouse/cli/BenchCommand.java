package dev.dormouse.cli;

import picocli.CommandLine.Command;

/** {@code dormouse bench ...}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Dormouse itself.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BenchMineCommand.class,
      BenchTruthCommand.class,
      BenchReplayCommand.class,
      BenchProposeCommand.class,
      BenchSimulateCommand.class,
      BenchTickCommand.class,
      BenchCommitsCommand.class,
      BenchPublishCommand.class
    })
final class BenchCommand {}
