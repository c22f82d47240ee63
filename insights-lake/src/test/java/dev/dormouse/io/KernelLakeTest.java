package dev.dormouse.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.table.ColumnType;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.TickRunsTable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelLakeTest {
  private static final Table INBOX = InboxTable.TABLE;
  private static final List<String> WRITERS = List.of("ann", "bob", "cyd", "dan");

  @TempDir Path root;

  @Test
  void whatIsMissingReadsAsEmptyAndIsNamedWhenWritten() {
    KernelLake lake = KernelLake.at(root);

    assertThat(lake.exists(INBOX)).isFalse();
    assertThat(lake.version(INBOX)).isEqualTo(-1);
    assertThat(lake.read(INBOX)).isEqualTo(new TableStore.Read(-1, List.of()));
    assertThatThrownBy(() -> lake.append(INBOX, List.of(RacingWriter.row("m"))))
        .isInstanceOf(LakeException.class)
        .hasMessage("There is no table inbox in " + root + "; create the lake first");
  }

  @Test
  void creatingTwiceChangesNothing() {
    KernelLake lake = KernelLake.at(root);
    lake.createKernelTables();
    lake.append(INBOX, List.of(RacingWriter.row("m")));
    lake.createKernelTables();

    assertThat(lake.version(INBOX)).isEqualTo(1);
    assertThat(lake.read(INBOX).rows()).containsExactly(RacingWriter.row("m"));
  }

  @Test
  void aLakeMadeBeforeACommentWasRewordedOrAColumnCameIsStillWritten() {
    KernelLake lake = KernelLake.at(root);
    lake.createKernelTables();
    Table reworded =
        Table.named("inbox", Table.Writer.KERNEL, "other words")
            .required("message_id", ColumnType.STRING, "Other words")
            .required("campaign_id", ColumnType.STRING, "Other words")
            .required("kind", ColumnType.STRING, "Other words")
            .required("sent_by", ColumnType.STRING, "Other words")
            .required("sent_at", ColumnType.TIMESTAMP, "Other words")
            .required("channel", ColumnType.STRING, "Other words")
            .required("payload", ColumnType.STRING, "Other words")
            .key("message_id")
            .build();
    TableRow row = RacingWriter.row("m");
    TableRow.Builder copy = TableRow.of(reworded);
    INBOX.columns().forEach(column -> copy.set(column.name(), row.raw(column.name())));
    lake.append(reworded, List.of(copy.build()));
    assertThat(lake.read(INBOX).rows()).containsExactly(row);

    Table wider =
        Table.named("inbox", Table.Writer.KERNEL, "one column more")
            .required("message_id", ColumnType.STRING, "Id")
            .required("colour", ColumnType.STRING, "New")
            .key("message_id")
            .build();
    TableRow wide = TableRow.of(wider).set("message_id", "x").set("colour", "red").build();
    assertThatThrownBy(() -> lake.append(wider, List.of(wide)))
        .isInstanceOf(LakeException.class)
        .hasMessage(
            "Table inbox of the lake has no column colour of type string; another version of Dormouse created it");
  }

  @Test
  void withoutRowsNothingIsCommitted() {
    KernelLake lake = KernelLake.at(root);
    lake.create(INBOX);

    assertThat(lake.append(INBOX, List.of())).isZero();
    assertThat(lake.appendIfVersion(INBOX, 0, List.of())).isTrue();
    assertThat(lake.appendIfVersion(INBOX, 1, List.of())).isFalse();
    assertThat(lake.version(INBOX)).isZero();
  }

  @Test
  void whoReadAnOldVersionMayNotAppendToIt() {
    KernelLake lake = KernelLake.at(root);
    lake.create(INBOX);

    assertThat(lake.appendIfVersion(INBOX, 0, List.of(RacingWriter.row("first")))).isTrue();
    assertThat(lake.appendIfVersion(INBOX, 0, List.of(RacingWriter.row("late")))).isFalse();
    assertThat(lake.read(INBOX).rows()).containsExactly(RacingWriter.row("first"));
  }

  @Test
  void anAppendThatWasDoneBeforeIsNotDoneAgain() {
    KernelLake lake = KernelLake.at(root);
    lake.create(INBOX);
    List<TableRow> rows = List.of(RacingWriter.row("m"));

    assertThat(lake.lastAppVersion(INBOX, "outcomes")).isEqualTo(-1);
    LongFunction<Optional<List<TableRow>>> nothing = done -> Optional.empty();
    LongFunction<Optional<List<TableRow>>> mark = done -> Optional.of(List.of());
    LongFunction<Optional<List<TableRow>>> row =
        done -> {
          assertThat(done).isEqualTo(-1);
          return Optional.of(rows);
        };
    assertThat(lake.appendOnce(INBOX, "outcomes", 7, nothing)).isFalse();
    assertThat(lake.appendOnce(INBOX, "outcomes", 7, row)).isTrue();
    assertThat(lake.appendOnce(INBOX, "outcomes", 7, row)).isFalse();
    assertThat(lake.appendOnce(INBOX, "outcomes", 6, row)).isFalse();
    assertThat(lake.appendOnce(INBOX, "others", 7, mark)).isTrue();
    assertThat(lake.lastAppVersion(INBOX, "outcomes")).isEqualTo(7);
    assertThat(lake.lastAppVersion(INBOX, "others")).isEqualTo(7);
    assertThat(lake.read(INBOX).rows()).hasSize(1);
  }

  @Test
  void readsOnlyRowsBetweenTwoNumbers() {
    KernelLake lake = KernelLake.at(root);
    Table ticks = TickRunsTable.TABLE;
    lake.create(ticks);
    for (long wall = 1; wall <= 4; wall++) {
      lake.append(ticks, List.of(tick(wall), tick(wall * 10)));
    }

    TableStore.Read read = lake.readBetween(ticks, "wall_ms", 2, 20);
    assertThat(read.version()).isEqualTo(4);
    assertThat(read.rows())
        .extracting(row -> row.number("wall_ms"))
        .containsExactlyInAnyOrder(3L, 4L, 10L, 20L);
  }

  @Test
  void readsOnlyRowsWithAText() {
    KernelLake lake = KernelLake.at(root);
    assertThat(lake.readWhere(INBOX, "message_id", "a"))
        .isEqualTo(new TableStore.Read(-1, List.of()));
    lake.create(INBOX);
    lake.append(INBOX, List.of(RacingWriter.row("a"), RacingWriter.row("b")));
    lake.append(INBOX, List.of(RacingWriter.row("c")));
    lake.append(INBOX, List.of(RacingWriter.row("b"), RacingWriter.row("bb")));

    TableStore.Read read = lake.readWhere(INBOX, "message_id", "b");
    assertThat(read.version()).isEqualTo(3);
    assertThat(read.rows()).containsExactly(RacingWriter.row("b"), RacingWriter.row("b"));
    assertThat(lake.readWhere(INBOX, "message_id", "d").rows()).isEmpty();
  }

  @Test
  void filesWithoutTheTextAreNotOpened() throws IOException {
    KernelLake lake = KernelLake.at(root);
    lake.create(INBOX);
    lake.append(INBOX, List.of(RacingWriter.row("a")));
    Path damaged = onlyDataFile();
    lake.append(INBOX, List.of(RacingWriter.row("b")));
    Files.write(damaged, new byte[] {1, 2, 3});

    assertThat(lake.readWhere(INBOX, "message_id", "b").rows())
        .containsExactly(RacingWriter.row("b"));
    assertThatThrownBy(() -> lake.readWhere(INBOX, "message_id", "a"))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("cannot be read");
  }

  private Path onlyDataFile() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("inbox"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).findAny().orElseThrow();
    }
  }

  @Test
  void rowsWithoutATextAreNotRead() {
    KernelLake lake = KernelLake.at(root);
    Table notes =
        Table.named("notes", Table.Writer.KERNEL, "Notes")
            .required("id", ColumnType.STRING, "Id")
            .optional("note", ColumnType.STRING, "Note")
            .key("id")
            .build();
    lake.create(notes);
    TableRow noted = TableRow.of(notes).set("id", "1").set("note", "x").build();
    lake.append(notes, List.of(noted, TableRow.of(notes).set("id", "2").build()));

    assertThat(lake.readWhere(notes, "note", "x").rows()).containsExactly(noted);
  }

  private static TableRow tick(long wall) {
    return TableRow.of(TickRunsTable.TABLE)
        .set("tick_id", "t" + wall)
        .set("started_at", Instant.EPOCH)
        .set("wall_ms", wall)
        .set("campaigns", 1)
        .set("observations", 1)
        .set("events", 1)
        .set("launches", 1)
        .set("failures", 1)
        .build();
  }

  @Test
  void whatIsCachedIsReplacedWholeAndForgottenWhenDropped() {
    KernelLake lake = KernelLake.at(root);
    lake.create(INBOX);
    assertThat(lake.cachedNames(INBOX)).isEmpty();
    assertThat(lake.cached(INBOX, "a")).isEmpty();
    lake.cache(INBOX, "a", new byte[] {1});
    lake.cache(INBOX, "a", new byte[] {2, 3});
    assertThat(lake.cachedNames(INBOX)).containsExactly("a");
    assertThat(lake.cached(INBOX, "a").orElseThrow()).containsExactly(2, 3);
    lake.dropCached(INBOX, "a");
    assertThat(lake.cachedNames(INBOX)).isEmpty();
  }

  @Test
  void manyAppendersLoseNothingAndCheckpointsAreWritten() throws Exception {
    KernelLake.at(root).create(INBOX);
    inParallel(
        3,
        writer -> {
          KernelLake lake = KernelLake.at(root);
          for (int i = 0; i < 20; i++) {
            lake.append(INBOX, List.of(RacingWriter.row(writer + "-" + i)));
          }
          return true;
        });

    assertThat(KernelLake.at(root).read(INBOX).rows()).hasSize(60);
    assertThat(root.resolve("inbox/_delta_log/_last_checkpoint")).exists();
  }

  @Test
  void onlyOneOfManyTakesATransactionId() throws Exception {
    KernelLake.at(root).create(INBOX);
    List<Boolean> taken =
        inParallel(
            4,
            writer ->
                KernelLake.at(root)
                    .appendOnce(
                        INBOX,
                        "outcomes",
                        1,
                        done -> Optional.of(List.of(RacingWriter.row("w" + writer)))));

    assertThat(taken).containsOnlyOnce(true);
    assertThat(KernelLake.at(root).read(INBOX).rows()).hasSize(1);
  }

  @Test
  void whoBringsATableFurtherDoesNotRepeatWhatAnotherBroughtMeanwhile() throws Exception {
    KernelLake.at(root).create(INBOX);
    inParallel(
        4,
        writer -> {
          KernelLake lake = KernelLake.at(root);
          for (long upTo = writer; upTo < 40; upTo += 4) {
            long to = upTo;
            lake.appendOnce(
                INBOX,
                "numbers",
                to,
                done ->
                    Optional.of(
                        LongStream.rangeClosed(done + 1, to)
                            .mapToObj(number -> RacingWriter.row(Long.toString(number)))
                            .toList()));
          }
          return true;
        });
    assertThat(KernelLake.at(root).read(INBOX).rows())
        .extracting(row -> row.text("message_id"))
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(0, 40).mapToObj(Long::toString).toList());
  }

  /** Separate processes, without Spark's jars on their class path: the tick must not need them. */
  @Test
  void exactlyOneProcessWinsEachVersionAndNoneNeedsSpark() throws Exception {
    KernelLake.at(root).create(INBOX);
    // Far enough to read checkpoints while they are being written.
    int rounds = 120;
    List<Process> writers = new ArrayList<>();
    for (String name : WRITERS) {
      writers.add(start(name, rounds));
    }
    for (Process writer : writers) {
      assertThat(writer.waitFor()).as(output()).isZero();
    }

    TableStore.Read read = KernelLake.at(root).read(INBOX);
    assertThat(read.version()).isEqualTo(rounds);
    assertThat(read.rows().stream().map(row -> row.text("message_id")))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, rounds).mapToObj(Integer::toString).toList());
    long claims = WRITERS.stream().mapToLong(name -> wins(root.resolve(name + ".wins"))).sum();
    assertThat(claims).isEqualTo(rounds);
  }

  private Process start(String name, int rounds) throws IOException {
    String sparkFree =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().matches("(delta-)?spark-.*"))
            .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            sparkFree,
            RacingWriter.class.getName(),
            root.toString(),
            name,
            Integer.toString(rounds))
        .redirectErrorStream(true)
        .redirectOutput(root.resolve(name + ".log").toFile())
        .start();
  }

  private String output() throws IOException {
    StringBuilder output = new StringBuilder();
    for (String name : WRITERS) {
      output.append(Files.readString(root.resolve(name + ".log")));
    }
    return output.toString();
  }

  private static long wins(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private interface Work {
    boolean apply(int writer) throws Exception;
  }

  private static List<Boolean> inParallel(int writers, Work work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Boolean>> running =
          IntStream.range(0, writers)
              .mapToObj(writer -> threads.submit(() -> work.apply(writer)))
              .toList();
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> one : running) {
        results.add(one.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
