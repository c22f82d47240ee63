package dev.dormouse.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that works on a lake has in common: where it lies, and where output goes. */
abstract class LakeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--lake",
      paramLabel = "DIR",
      description =
          "The lake's directory (default: key 'lake' of the deployment, else .dormouse/lake).")
  private Path lake;

  @Option(
      names = "--deployment",
      paramLabel = "FILE",
      description =
          "Properties file that says where things are (default: dormouse.properties, if there is one).")
  private Path deploymentFile;

  /** Where things are, by file and command line. */
  final Deployment deployment() {
    Path conventional = Path.of("dormouse.properties");
    Deployment deployment;
    if (deploymentFile != null) {
      deployment = Deployment.read(deploymentFile);
    } else {
      deployment =
          Files.exists(conventional) ? Deployment.read(conventional) : Deployment.defaults();
    }
    return lake == null ? deployment : deployment.withLake(lake);
  }

  /** The lake, which must be there. */
  final KernelLake openLake() {
    KernelLake opened = KernelLake.at(deployment().lake());
    if (!opened.exists(ControlEventsTable.TABLE)) {
      throw CommandException.badInput(
          "There is no lake at "
              + opened.root()
              + "; make one with 'dormouse import' or 'dormouse campaign create', or name another by --lake.");
    }
    return opened;
  }

  /** The lake, made if it is not there. */
  final KernelLake openOrCreateLake() {
    KernelLake opened = KernelLake.at(deployment().lake());
    opened.createKernelTables();
    return opened;
  }

  /** Data goes here. */
  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Messages to people go here. */
  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** Prints a value as readable JSON. */
  final void printJson(Object value) {
    try {
      out().println(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "Cannot print " + value.getClass().getSimpleName() + " as JSON", e);
    }
  }
}
