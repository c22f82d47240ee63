package dev.dormouse.cli;

import picocli.CommandLine.Option;

/** Option {@code --comment}: the reason, kept with the campaign. A picocli mixin. */
final class CommentOption {
  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Reason, kept with the campaign.")
  private String text;

  String text() {
    return text;
  }
}
