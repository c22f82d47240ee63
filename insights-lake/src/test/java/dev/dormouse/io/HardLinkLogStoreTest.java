package dev.dormouse.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.LogStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardLinkLogStoreTest {
  private final Configuration configuration = new Configuration();
  private final LogStore store = new HardLinkLogStore(configuration);

  @TempDir Path log;

  @Test
  void aCommitIsNeverOverwritten() throws IOException {
    write("0.json", List.of("first", "änd second"), false);

    assertThatThrownBy(() -> write("0.json", List.of("late"), false))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(log.resolve("0.json"))
        .content(StandardCharsets.UTF_8)
        .isEqualTo("first\nänd second\n");
  }

  @Test
  void overwritingReplacesTheWholeFile() throws IOException {
    write("_last_checkpoint", List.of("old", "longer"), false);
    write("_last_checkpoint", List.of("new"), true);

    assertThat(log.resolve("_last_checkpoint")).content().isEqualTo("new\n");
  }

  @Test
  void aWriterThatFailsHalfwayLeavesNothingBehind() throws IOException {
    Iterator<String> failing =
        Stream.of("fine", "bad")
            .peek(
                line -> {
                  if (line.equals("bad")) {
                    throw new IllegalStateException("killed");
                  }
                })
            .iterator();

    assertThatThrownBy(() -> store.write(path("0.json"), failing, false, configuration))
        .hasMessage("killed");
    try (Stream<Path> files = Files.list(log)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void listsFilesFromANameOnInOrder() throws IOException {
    for (String name : List.of("2.json", "0.json", "3.crc", "1.json")) {
      write(name, List.of(name), false);
    }
    Iterator<FileStatus> files = store.listFrom(path("1.json"), configuration);
    assertThat(files)
        .toIterable()
        .extracting(file -> file.getPath().getName())
        .containsExactly("1.json", "2.json", "3.crc");
    assertThat(store.listFrom(path("3"), configuration).next())
        .satisfies(
            file -> {
              assertThat(file.getLen()).isEqualTo(6);
              assertThat(file.getPath()).isEqualTo(path("3.crc"));
            });
    assertThatThrownBy(() -> store.listFrom(path("none/1.json"), configuration))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void exactlyOneOfManyWritersWinsEachVersion() throws Exception {
    int writers = 4;
    int versions = 200;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Callable<Integer>> racers =
          IntStream.range(0, writers)
              .<Callable<Integer>>mapToObj(w -> () -> wins(w, versions))
              .toList();
      int wins = 0;
      for (Future<Integer> racer : threads.invokeAll(racers)) {
        wins += racer.get();
      }
      assertThat(wins).isEqualTo(versions);
    } finally {
      threads.shutdownNow();
    }
    try (Stream<Path> files = Files.list(log)) {
      assertThat(files).hasSize(versions);
    }
  }

  private int wins(int writer, int versions) throws IOException {
    int wins = 0;
    for (int version = 0; version < versions; version++) {
      try {
        write(version + ".json", List.of("by " + writer), false);
        wins++;
      } catch (FileAlreadyExistsException e) {
        assertThat(log.resolve(version + ".json")).exists();
      }
    }
    return wins;
  }

  private void write(String name, List<String> lines, boolean overwrite) throws IOException {
    store.write(path(name), lines.iterator(), overwrite, configuration);
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(log.resolve(name).toUri());
  }
}
