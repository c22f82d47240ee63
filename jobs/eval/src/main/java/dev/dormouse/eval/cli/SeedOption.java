package dev.dormouse.eval.cli;

import picocli.CommandLine.Option;

/** Option {@code --seed}: equal seeds give equal inputs. A picocli mixin. */
final class SeedOption {
  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Seed of what is generated; equal seeds give equal inputs (default: ${DEFAULT-VALUE}).")
  private long seed;

  long seed() {
    return seed;
  }
}
