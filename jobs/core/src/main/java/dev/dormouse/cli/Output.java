package dev.dormouse.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.dormouse.table.Json;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Gives a command its two streams: one for results, one for messages. A picocli mixin. */
@Command
public class Output {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Returns where results go: standard output. */
  public final PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** Returns where messages to people go: standard error. */
  public final PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** Returns a consumer that prints each line at once to {@link #err()}. */
  public final Consumer<String> progress() {
    PrintWriter err = err();
    return line -> {
      err.println(line);
      err.flush();
    };
  }

  /** Prints a value to {@link #out()} as indented JSON. */
  public final void printJson(Object value) {
    try {
      out().println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Cannot print " + value.getClass().getSimpleName() + " as JSON", e);
    }
  }

  /** Prints a value to {@link #out()} as one line of JSON. */
  public final void printJsonLine(Object value) {
    out().println(Json.write(value));
  }
}
