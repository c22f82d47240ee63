package dev.dormouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The directory that the demo works in, which each run of it starts empty. */
final class DemoDirectory {
  private static final String MARKER = ".dormouse-demo";

  private DemoDirectory() {}

  /**
   * Creates the directory, or empties the one of an earlier demo.
   *
   * @throws CommandException if it holds files and is not from an earlier demo
   */
  static void prepare(Path directory) throws IOException {
    if (Files.exists(directory)) {
      empty(directory);
    }
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve(MARKER),
        "Made by 'dormouse demo', which empties this directory when it runs again.\n");
  }

  private static void empty(Path directory) throws IOException {
    boolean ofEarlierDemo = Files.exists(directory.resolve(MARKER));
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> files =
          walk.filter(file -> !file.equals(directory)).sorted(Comparator.reverseOrder()).toList();
      if (!ofEarlierDemo && !files.isEmpty()) {
        throw CommandException.badInput(
            directory + " is not empty and not from an earlier demo; choose another --dir.");
      }
      for (Path file : files) {
        // The tracking server of an earlier demo may still be running.
        if (!file.startsWith(directory.resolve(DemoServices.MLFLOW))) {
          Files.delete(file);
        }
      }
    }
  }
}
