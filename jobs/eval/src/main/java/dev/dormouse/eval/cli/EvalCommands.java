package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandProvider;
import java.util.List;

/** Provides the commands of module {@code jobs/eval}. */
public final class EvalCommands implements CommandProvider {
  @Override
  public List<Class<?>> commands() {
    return List.of(
        ReplayCommand.class,
        BenchCommand.class,
        BenchCommitsCommand.Race.class,
        BenchLlmCommand.Ask.class);
  }
}
