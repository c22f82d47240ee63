package dev.dormouse.io;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

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

  /** Made by Delta, by name. */
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
   * Commits appear whole, but this is asked by those who write checkpoints past this store: whether
   * they have to write to another name first.
   */
  @Override
  public Boolean isPartialWriteVisible(
      org.apache.hadoop.fs.Path path, Configuration configuration) {
    return true;
  }
}
