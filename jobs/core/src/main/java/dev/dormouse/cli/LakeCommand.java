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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that works on a lake has in common: where it lies, and where output goes. */
abstract class LakeCommand implements Callable<Integer> {
  /** {@link Path} makes one slash of two. */
  private static final Pattern SCHEME = Pattern.compile("(?:^|/)([a-z][a-z0-9+.-]+):/");

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
          "Properties file that says where things are (default: dormouse.properties, if there is"
              + " one).")
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
    Deployment chosen = lake == null ? deployment : deployment.withLake(lake);
    refuseObjectStore(chosen.lake());
    return chosen;
  }

  /**
   * Campaigns rest on commits that only one of several writers can make. Object stores promise that
   * only with a coordinating service, which the executor does not speak to.
   */
  private static void refuseObjectStore(Path path) {
    Matcher scheme = SCHEME.matcher(path.toString());
    if (scheme.find()) {
      throw CommandException.badInput(
          "The lake "
              + path
              + " lies in an object store ("
              + scheme.group(1)
              + "), where two ticks could both win the same commit. Keep the lake on a local or"
              + " network disk that has hard links, and copy its tables to the store for readers.");
    }
  }

  /** The lake, which must be there. */
  final KernelLake openLake() {
    KernelLake opened = KernelLake.at(deployment().lake());
    if (!opened.exists(ControlEventsTable.TABLE)) {
      throw CommandException.badInput(
          "There is no lake at "
              + opened.root()
              + "; make one with 'dormouse import' or 'dormouse campaign create', or name another"
              + " by --lake.");
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

  /** CampaignMessages to people go here. */
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
