package dev.dormouse.io;

import dev.dormouse.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checkpoints of a table's Delta log. They only save readers from reading the commits before them:
 * a damaged checkpoint is not needed as long as all commits are present.
 */
public final class Checkpoints {
  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
  private static final Pattern CHECKPOINT =
      Pattern.compile("\\d{20}\\.checkpoint.*|_last_checkpoint");
  private static final String ASIDE = "_set_aside";

  private Checkpoints() {}

  /**
   * Moves all checkpoints of a table to {@code _delta_log/_set_aside}.
   *
   * @return the names of the moved files; empty if the table has no checkpoint
   * @throws LakeException if commits are missing or empty, so that the table cannot be read without
   *     its checkpoints; nothing is moved then
   */
  public static List<String> setAside(Path root, Table table) {
    Path log = root.resolve(table.name()).resolve("_delta_log");
    try {
      List<Path> files = list(log);
      List<Path> checkpoints =
          files.stream().filter(file -> CHECKPOINT.matcher(name(file)).matches()).toList();
      if (!checkpoints.isEmpty()) {
        requireAllCommits(table, files);
        Path aside = Files.createDirectories(log.resolve(ASIDE));
        for (Path checkpoint : checkpoints) {
          Files.move(
              checkpoint, aside.resolve(name(checkpoint)), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return checkpoints.stream().map(Checkpoints::name).sorted().toList();
    } catch (IOException e) {
      throw new LakeException("Cannot set the checkpoints in " + log + " aside", e);
    }
  }

  private static List<Path> list(Path log) throws IOException {
    try (Stream<Path> files = Files.list(log)) {
      return files.toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static void requireAllCommits(Table table, List<Path> files) throws IOException {
    SortedMap<Long, Path> commits = new TreeMap<>();
    for (Path file : files) {
      Matcher commit = COMMIT.matcher(name(file));
      if (commit.matches()) {
        commits.put(Long.parseLong(commit.group(1)), file);
      }
    }
    long expected = 0;
    for (var commit : commits.entrySet()) {
      if (commit.getKey() != expected || Files.size(commit.getValue()) == 0) {
        throw new LakeException(
            "Commit "
                + expected
                + " of table "
                + table.name()
                + " is missing or empty, so that the table cannot be read without its checkpoints; restore the table from a backup");
      }
      expected++;
    }
  }
}
