package dev.dormouse.cli;

import picocli.CommandLine.Option;

/** Who decides about which plan: options {@code --plan} and {@code --by}. A picocli mixin. */
final class PlanDecisionOptions {
  @Option(
      names = "--plan",
      required = true,
      paramLabel = "HASH",
      description = "Hash of the plan, as 'dormouse plan' printed it.")
  private String planHash;

  @Option(
      names = "--by",
      required = true,
      paramLabel = "NAME",
      description = "Name of the person who decides.")
  private String by;

  String planHash() {
    return planHash;
  }

  String by() {
    return by;
  }
}
