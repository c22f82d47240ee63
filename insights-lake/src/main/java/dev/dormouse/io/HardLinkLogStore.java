package dev.dormouse.io;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * A log store for local disks whose put-if-absent is atomic under many processes and survives power
 * loss: the commit is written to a temporary file and synced, then linked to its name, which fails
 * if the name is taken, and the directory is synced. Delta's own local stores check for existence
 * and then rename, which loses commits when two processes race.
 */
public final class HardLinkLogStore extends HadoopFileSystemLogStore {
  /** Hadoop configuration key by which Delta Kernel finds the log store of {@code file:} paths. */
  public static final String KERNEL_KEY = "io.delta.kernel.logStore.file.impl";

  /** Spark configuration key by which Delta on Spark finds it. */
  public static final String SPARK_KEY = "spark.delta.logStore.file.impl";

  private static final Pattern COMMIT = Pattern.compile("(\\d{18,20})\\.json");
  private static final Pattern CHECKSUM = Pattern.compile("(\\d{18,20})\\.crc");
  private static final long BLOCK_SIZE = 32L << 20;
  private static final int LISTINGS = 10;

  /** Delta creates instances by class name. */
  public HardLinkLogStore(Configuration configuration) {
    super(configuration);
  }

  @Override
  public void write(
      org.apache.hadoop.fs.Path path,
      Iterator<String> actions,
      Boolean overwrite,
      Configuration configuration)
      throws IOException {
    Path target = Path.of(path.toUri().getPath());
    Path directory = target.getParent();
    Path temporary =
        directory.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      writeSynced(temporary, actions);
      if (overwrite) {
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        // Throws java.nio.file.FileAlreadyExistsException when another writer was first, which
        // Delta understands.
        Files.createLink(target, temporary);
      }
      syncDirectory(directory);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Examines only files from this name on: Hadoop's own listing queries the status of every file of
   * a log, which may have thousands.
   */
  @Override
  public Iterator<FileStatus> listFrom(org.apache.hadoop.fs.Path path, Configuration configuration)
      throws IOException {
    Path directory = Path.of(path.getParent().toUri().getPath());
    List<FileStatus> files = new ArrayList<>();
    for (String name : consistentNames(directory, path.getName())) {
      status(path, directory.resolve(name)).ifPresent(files::add);
    }
    files.sort(Comparator.comparing(file -> file.getPath().getName()));
    return files.iterator();
  }

  /**
   * Returns the names from this one on. A directory that grows while it is listed may show a commit
   * or its checksum but not the commit before it; then it is listed again.
   */
  private static List<String> consistentNames(Path directory, String from)
      throws FileNotFoundException {
    List<String> names = List.of();
    for (int attempt = 0; attempt < LISTINGS; attempt++) {
      String[] all = directory.toFile().list();
      if (all == null) {
        throw new FileNotFoundException(directory + " is not a directory");
      }
      names = Arrays.stream(all).filter(name -> name.compareTo(from) >= 0).toList();
      if (isConsistent(names)) {
        return names;
      }
    }
    return names;
  }

  private static boolean isConsistent(List<String> names) {
    LongSummaryStatistics commits = versions(names, COMMIT);
    LongSummaryStatistics checksums = versions(names, CHECKSUM);
    return commits.getCount() == 0
        || (commits.getMax() - commits.getMin() + 1 == commits.getCount()
            && checksums.getMax() <= commits.getMax());
  }

  private static LongSummaryStatistics versions(List<String> names, Pattern pattern) {
    return names.stream()
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .mapToLong(name -> Long.parseLong(name.group(1)))
        .summaryStatistics();
  }

  /** Returns empty if the file has been deleted meanwhile. */
  private static Optional<FileStatus> status(org.apache.hadoop.fs.Path sibling, Path file)
      throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new FileStatus(
              attributes.size(),
              attributes.isDirectory(),
              1,
              BLOCK_SIZE,
              attributes.lastModifiedTime().toMillis(),
              new org.apache.hadoop.fs.Path(sibling.getParent(), file.getFileName().toString())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void writeSynced(Path file, Iterator<String> lines) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      BufferedWriter writer =
          new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
      while (lines.hasNext()) {
        writer.write(lines.next());
        writer.write('\n');
      }
      writer.flush();
      channel.force(true);
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Returns whether checkpoint writers, which do not use this store, must write to a temporary name
   * first. Commits of this store are atomic.
   */
  @Override
  public Boolean isPartialWriteVisible(
      org.apache.hadoop.fs.Path path, Configuration configuration) {
    return true;
  }
}
