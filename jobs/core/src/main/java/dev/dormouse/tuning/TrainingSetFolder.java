package dev.dormouse.tuning;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes a training set into a folder, all files or none. */
public final class TrainingSetFolder {
  private TrainingSetFolder() {}

  /** Returns the reason not to write into a folder; empty if it is missing or empty. */
  public static Optional<String> refusal(Path folder) {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(folder)) {
      return Optional.of(folder + " is no folder; name a folder that is empty or does not exist.");
    }
    try (Stream<Path> content = Files.list(folder)) {
      return content.findAny().isEmpty()
          ? Optional.empty()
          : Optional.of(folder + " is not empty; name a folder that is empty or does not exist.");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder, e);
    }
  }

  /**
   * Writes the files beside the folder first and then gives them its name in one step.
   *
   * @throws IOException if the folder is not empty any more or the files cannot be written; nothing
   *     is left behind then
   */
  public static void write(TrainingSet set, Path folder) throws IOException {
    Path target = Files.exists(folder) ? folder.toRealPath() : folder.toAbsolutePath().normalize();
    Files.createDirectories(target.getParent());
    Path scratch = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + "-");
    // A temporary folder is readable by its owner alone; one in it is not.
    Path draft = scratch.resolve("draft");
    try {
      for (Map.Entry<String, List<String>> file : set.files().entrySet()) {
        Path path = draft.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.write(path, file.getValue());
      }
      // The system call that renames refuses to replace a folder that is not empty.
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(scratch);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
