package dev.dormouse.tick;

import dev.dormouse.training.LivingProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Marks as files, one per tick: named after its process, with the campaign as content, deleted when
 * the work ends. A file whose process is dead is a crash.
 */
public final class FileMarks implements TickMarks {
  /** A process on another machine cannot be checked; after this time it is taken for dead. */
  private static final Duration LONGEST_TICK = Duration.ofHours(2);

  private final Path directory;
  private final Path own;
  private final String host;
  private final Clock clock;

  /**
   * Marks in a directory, which need not exist.
   *
   * @param host this machine's name: processes of other machines cannot be checked
   */
  public FileMarks(Path directory, String host, Clock clock) {
    this.directory = directory;
    this.host = host.replaceAll("[^A-Za-z0-9_-]", "_");
    this.clock = clock;
    this.own =
        directory.resolve(
            this.host + "." + ProcessHandle.current().pid() + "." + UUID.randomUUID());
  }

  @Override
  public Map<String, Integer> crashes() {
    Map<String, Integer> crashes = new TreeMap<>();
    for (Path mark : marks()) {
      if (!mark.equals(own) && isDead(mark)) {
        Optional<String> campaign = read(mark);
        if (campaign.isEmpty()) {
          delete(mark);
        } else {
          crashes.merge(campaign.get(), 1, Integer::sum);
        }
      }
    }
    return crashes;
  }

  private List<Path> marks() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isDead(Path mark) {
    String[] parts = mark.getFileName().toString().split("\\.", 3);
    try {
      var written = Files.getLastModifiedTime(mark).toInstant();
      if (parts.length < 3 || !parts[0].equals(host)) {
        return written.plus(LONGEST_TICK).isBefore(clock.instant());
      }
      return !LivingProcess.isAlive(Long.parseLong(parts[1]), written);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> read(Path mark) {
    try {
      return Optional.of(Files.readString(mark, StandardCharsets.UTF_8).strip())
          .filter(text -> !text.isEmpty());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void enter(String campaignId) {
    try {
      Files.createDirectories(directory);
      Files.writeString(own, campaignId, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void leave() {
    delete(own);
  }

  @Override
  public void clearCrashes(String campaignId) {
    for (Path mark : marks()) {
      if (!mark.equals(own) && isDead(mark) && read(mark).map(campaignId::equals).orElse(false)) {
        delete(mark);
      }
    }
  }

  private static void delete(Path mark) {
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
