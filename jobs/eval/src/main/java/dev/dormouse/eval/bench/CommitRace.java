package dev.dormouse.eval.bench;

import dev.dormouse.io.KernelLake;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.TableRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets processes compete to write every version of a table by compare-and-swap. Each version must
 * have exactly one winner and contain what that winner wrote.
 */
public final class CommitRace {
  private CommitRace() {}

  /**
   * The result of a race.
   *
   * @param writers number of processes
   * @param commits number of contested versions
   * @param seconds duration
   * @param wins number of versions that a process reported to have won
   * @param doubleWins number of versions that a second process reported to have won
   * @param lost number of winners' rows that the table does not have
   */
  public record Result(
      int writers, long commits, double seconds, long wins, long doubleWins, long lost) {}

  /** Takes part in a race until all versions are written, and returns the versions won. */
  public static List<Long> race(Path root, String name, long commits) {
    KernelLake lake = KernelLake.at(root);
    List<Long> won = new ArrayList<>();
    long version = lake.version(InboxTable.TABLE);
    while (version < commits) {
      if (lake.appendIfVersion(InboxTable.TABLE, version, List.of(row(name, version + 1)))) {
        won.add(version + 1);
        version++;
      } else {
        version = lake.version(InboxTable.TABLE);
      }
    }
    return won;
  }

  private static TableRow row(String name, long version) {
    return TableRow.of(InboxTable.TABLE)
        .set("message_id", version + " by " + name)
        .set("campaign_id", "race")
        .set("kind", "halt")
        .set("sent_by", name)
        .set("sent_at", Instant.EPOCH)
        .set("channel", "cli")
        .set("payload", "{}")
        .build();
  }

  /**
   * Starts the processes and checks the table afterwards.
   *
   * @param home directory that holds {@code ./dormouse}
   * @param root an empty directory for the lake
   */
  public static Result run(Path home, Path root, int writers, long commits)
      throws IOException, InterruptedException {
    KernelLake.at(root).create(InboxTable.TABLE);
    long start = System.nanoTime();
    List<Process> processes = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      processes.add(
          new ProcessBuilder(
                  home.resolve("dormouse").toString(),
                  "race",
                  root.toString(),
                  "w" + writer,
                  Long.toString(commits))
              .redirectOutput(wins(root, writer).toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    }
    int failed = 0;
    for (Process process : processes) {
      failed += process.waitFor() == 0 ? 0 : 1;
    }
    if (failed > 0) {
      throw new IllegalStateException(failed + " of " + writers + " writers failed");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Set<String> rows = new HashSet<>();
    KernelLake.at(root)
        .read(InboxTable.TABLE)
        .rows()
        .forEach(row -> rows.add(row.text("message_id")));
    Set<String> versions = new HashSet<>();
    long wins = 0;
    long doubleWins = 0;
    long lost = 0;
    for (int writer = 0; writer < writers; writer++) {
      for (String version : Files.readAllLines(wins(root, writer))) {
        wins++;
        doubleWins += versions.add(version) ? 0 : 1;
        lost += rows.contains(version + " by w" + writer) ? 0 : 1;
      }
    }
    return new Result(writers, commits, seconds, wins, doubleWins, lost);
  }

  private static Path wins(Path root, int writer) {
    return root.resolve("w" + writer + ".wins");
  }
}
