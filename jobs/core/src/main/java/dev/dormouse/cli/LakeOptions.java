package dev.dormouse.cli;

import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.table.ControlEventsTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Options {@code --lake} and {@code --deployment}, and what they name. A picocli mixin. */
final class LakeOptions {
  private static final Path CONVENTIONAL_FILE = Path.of("dormouse.properties");

  /** {@link Path} makes one slash of two. */
  private static final Pattern SCHEME = Pattern.compile("(?:^|/)([a-z][a-z0-9+.-]+):/");

  @Option(
      names = "--lake",
      paramLabel = "DIR",
      description = "Lake directory (default: key 'lake' of the deployment, else .dormouse/lake).")
  private Path lake;

  @Option(
      names = "--deployment",
      paramLabel = "FILE",
      description =
          "Properties file that names directories and services (default: dormouse.properties, if it"
              + " exists).")
  private Path deploymentFile;

  /**
   * Returns the deployment that the file and the options describe.
   *
   * @throws CommandException if its lake lies in an object store
   */
  Deployment deployment() {
    Deployment deployment;
    if (deploymentFile != null) {
      deployment = Deployment.read(deploymentFile);
    } else {
      deployment =
          Files.exists(CONVENTIONAL_FILE)
              ? Deployment.read(CONVENTIONAL_FILE)
              : Deployment.defaults();
    }
    Deployment chosen = lake == null ? deployment : deployment.withLake(lake);
    refuseObjectStore(chosen.lake());
    return chosen;
  }

  /**
   * Campaigns need commits that exactly one of several writers wins. Object stores guarantee that
   * only with a coordinating service, which the executor does not use.
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

  /**
   * Opens the lake.
   *
   * @throws CommandException if there is none
   */
  KernelLake open() {
    return open(deployment());
  }

  /**
   * Opens the lake of a deployment that was read already.
   *
   * @throws CommandException if there is none
   */
  static KernelLake open(Deployment deployment) {
    KernelLake opened = KernelLake.at(deployment.lake());
    if (!opened.exists(ControlEventsTable.TABLE)) {
      throw CommandException.badInput(
          "There is no lake at "
              + opened.root()
              + "; make one with 'dormouse import' or 'dormouse campaign create', or name another"
              + " by --lake.");
    }
    return opened;
  }

  /** Opens the lake and creates the tables that campaigns need, if they are missing. */
  KernelLake openOrCreate() {
    KernelLake opened = KernelLake.at(deployment().lake());
    opened.createKernelTables();
    return opened;
  }
}
