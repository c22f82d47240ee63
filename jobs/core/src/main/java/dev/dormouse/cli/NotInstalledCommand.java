package dev.dormouse.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Reports that a command's jar is not on the class path. Takes the place of that command. */
@Command(hidden = true)
final class NotInstalledCommand implements Callable<Integer> {
  /** The commands of {@code jobs/eval}. */
  static final List<String> NAMES = List.of("replay", "bench");

  @Spec private CommandSpec spec;
  @Unmatched private List<String> ignored;

  @Override
  public Integer call() {
    throw CommandException.badInput(
        "'"
            + spec.name()
            + "' is not installed: the jar of module jobs/eval is not on the class path. Build it"
            + " with './mvnw package', and run the command by ./dormouse.");
  }
}
