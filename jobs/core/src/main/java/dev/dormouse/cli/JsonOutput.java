package dev.dormouse.cli;

import picocli.CommandLine.Option;

/** Adds option {@code --json} to a command's output. A picocli mixin. */
public final class JsonOutput extends Output {
  @Option(
      names = "--json",
      description = "Print JSON to standard output; all else goes to standard error.")
  private boolean json;

  /** Returns whether the user asked for JSON. */
  public boolean isJson() {
    return json;
  }
}
