package dev.dormouse.cli;

import picocli.CommandLine.Option;

/** Option {@code --by}: who gives the command. A picocli mixin. */
final class PersonOption {
  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Name of the person who gives the command (default: ${DEFAULT-VALUE}).")
  private String by;

  String name() {
    return by;
  }
}
