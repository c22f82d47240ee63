package dev.dormouse.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The append-only file of all {@link LlmEvent}s of a lake, one JSON object a line. All processes
 * that ask models write to it, each under the file's lock and after reading the others' events, so
 * that caps and rates hold for all processes together and no question is asked twice.
 *
 * <p>A line survives a crash of its process at once, and a power failure after {@link #force}. The
 * disk must support file locks.
 */
final class LlmJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LlmJournal.class);
  private static final ObjectReader EVENTS = Json.mapper().readerFor(LlmEvent.class);
  private static final byte NEW_LINE = '\n';

  /** File locks belong to the process: threads exclude each other by these. */
  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;
  private final ReentrantLock lock;
  private final Consumer<LlmEvent> reader;
  private long read;
  private volatile boolean dirty;

  private LlmJournal(Path file, FileChannel channel, Consumer<LlmEvent> reader) {
    this.file = file;
    this.channel = channel;
    this.reader = reader;
    this.lock = LOCKS.computeIfAbsent(file, path -> new ReentrantLock());
  }

  /** Returns the path of a lake's journal; the underscore marks it as no table. */
  static Path in(Path lake) {
    return lake.toAbsolutePath().normalize().resolve("_llm").resolve("journal.jsonl");
  }

  /**
   * Opens a journal; creates it if it does not exist.
   *
   * @param reader gets every event once, in order, own events included; called under the lock
   */
  static LlmJournal open(Path file, Consumer<LlmEvent> reader) {
    try {
      Path absolute = file.toAbsolutePath().normalize();
      Files.createDirectories(absolute.getParent());
      return new LlmJournal(
          absolute,
          FileChannel.open(
              absolute,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE),
          reader);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open the journal of model calls " + file, e);
    }
  }

  /** Reads all new events, then runs the action; no other process appends meanwhile. */
  <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      FileLock alone = channel.lock();
      try {
        readNewEvents();
        return action.get();
      } finally {
        alone.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use the journal of model calls " + file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Appends an event; must be called within {@link #locked}. */
  void append(LlmEvent event) {
    ByteBuffer line = ByteBuffer.wrap((Json.write(event) + '\n').getBytes(StandardCharsets.UTF_8));
    try {
      long at = read;
      while (line.hasRemaining()) {
        at += channel.write(line, at);
      }
      read = at;
      dirty = true;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the journal of model calls " + file, e);
    }
    reader.accept(event);
  }

  /** Forces written events to the disk. */
  void force() {
    try {
      if (dirty) {
        dirty = false;
        channel.force(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the journal of model calls " + file, e);
    }
  }

  /** Reads the lines after those read before. Half a line was left by a process that crashed. */
  private void readNewEvents() throws IOException {
    long size = channel.size();
    if (size == read) {
      return;
    }
    ByteBuffer rest =
        ByteBuffer.allocate(Math.toIntExact(Math.min(size - read, Integer.MAX_VALUE)));
    while (rest.hasRemaining() && channel.read(rest, read + rest.position()) >= 0) {
      // Reads until the end.
    }
    byte[] bytes = rest.array();
    int start = 0;
    for (int i = 0; i < rest.position(); i++) {
      if (bytes[i] == NEW_LINE) {
        accept(new String(bytes, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    if (start < rest.position()) {
      LOG.warn("{} ends with half a line, which is skipped", file);
      channel.write(ByteBuffer.wrap(new byte[] {NEW_LINE}), size);
      size++;
    }
    read = size;
  }

  private void accept(String line) {
    LlmEvent event;
    try {
      event = EVENTS.readValue(line);
    } catch (JsonProcessingException e) {
      LOG.warn("A line of {} cannot be read and is skipped: {}", file, e.getOriginalMessage());
      return;
    }
    reader.accept(event);
  }

  @Override
  public void close() {
    try {
      force();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close the journal of model calls " + file, e);
    }
  }
}
