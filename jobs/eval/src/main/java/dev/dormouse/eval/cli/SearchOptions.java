package dev.dormouse.eval.cli;

import picocli.CommandLine.Option;

/** How many searches there are, and how long each is. A picocli mixin. */
final class SearchOptions {
  @Option(
      names = "--budget",
      paramLabel = "N",
      defaultValue = "20",
      description = "Trainings of a search, the baseline's included (default: ${DEFAULT-VALUE}).")
  private int budget;

  @Option(
      names = "--replicates",
      paramLabel = "R",
      defaultValue = "3",
      description = "Searches of each method from each baseline (default: ${DEFAULT-VALUE}).")
  private int replicates;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "2",
      description = "Searches at the same time (default: ${DEFAULT-VALUE}).")
  private int parallel;

  int budget() {
    return budget;
  }

  int replicates() {
    return replicates;
  }

  int parallel() {
    return parallel;
  }
}
