package dev.dormouse.io;

import dev.dormouse.table.KernelTypes;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.Tables;
import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lake through Delta Kernel: no Spark, up in a fraction of a second. For small reads and
 * appends, and for the compare-and-swap that the executor's log rests on. Tables whose {@link
 * Table.Writer} is Spark can only be read.
 */
public final class KernelLake {
  private static final Logger LOG = LoggerFactory.getLogger(KernelLake.class);
  private static final String ENGINE_INFO = "dormouse";
  private static final int APPEND_ATTEMPTS = 20;

  private final Path root;
  private final Engine engine;

  private KernelLake(Path root) {
    this.root = root.toAbsolutePath().normalize();
    Configuration configuration = new Configuration();
    configuration.set(HardLinkLogStore.KERNEL_KEY, HardLinkLogStore.class.getName());
    this.engine = DefaultEngine.create(configuration);
  }

  /** The lake in this directory, which need not exist yet. */
  public static KernelLake at(Path root) {
    return new KernelLake(root);
  }

  /** The lake's directory, absolute. */
  public Path root() {
    return root;
  }

  /** Whether a table is there. */
  public boolean exists(Table table) {
    Path log = root.resolve(table.name()).resolve("_delta_log");
    if (!Files.isDirectory(log)) {
      return false;
    }
    try (var files = Files.list(log)) {
      return files.anyMatch(
          file -> file.getFileName().toString().matches("\\d{20}\\.(json|checkpoint.*)"));
    } catch (IOException e) {
      throw new LakeException("Cannot list " + log, e);
    }
  }

  /** Makes every table that the executor writes, where it is missing. */
  public void createKernelTables() {
    Tables.ALL.stream()
        .filter(table -> table.writer() == Table.Writer.KERNEL)
        .forEach(this::create);
  }

  /** Makes a table if it is missing; two processes may do so at the same time. */
  public void create(Table table) {
    if (exists(table)) {
      return;
    }
    Transaction transaction =
        TableManager.buildCreateTableTransaction(
                path(table), KernelTypes.schema(table), ENGINE_INFO)
            .withTableProperties(Map.of("delta.checkpointInterval", "50"))
            .build(engine);
    try {
      transaction.commit(engine, CloseableIterable.emptyIterable());
    } catch (ConcurrentWriteException | MaxCommitRetryLimitReachedException e) {
      LOG.debug("Another process made table {}", table.name());
    }
  }

  /** The table's newest version; -1 if the table is not there. */
  public long version(Table table) {
    return exists(table) ? snapshot(table).getVersion() : -1;
  }

  /**
   * Rows of a table as of a version.
   *
   * @param version -1 if the table is not there
   */
  public record Read(long version, List<TableRow> rows) {}

  /**
   * All rows of a table's newest version, in no particular order; none if the table is not there.
   */
  public Read read(Table table) {
    if (!exists(table)) {
      return new Read(-1, List.of());
    }
    Snapshot snapshot = snapshot(table);
    List<TableRow> rows = new ArrayList<>();
    Scan scan = snapshot.getScanBuilder().build();
    Row state = scan.getScanState(engine);
    StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
    try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> entries = files.next().getRows()) {
          while (entries.hasNext()) {
            readFile(table, state, physical, entries.next(), rows);
          }
        }
      }
    } catch (IOException e) {
      throw new LakeException("Cannot read table " + table.name() + " in " + root, e);
    }
    return new Read(snapshot.getVersion(), rows);
  }

  private void readFile(Table table, Row state, StructType physical, Row entry, List<TableRow> rows)
      throws IOException {
    FileStatus file = InternalScanFileUtils.getAddFileStatus(entry);
    CloseableIterator<ColumnarBatch> data =
        engine
            .getParquetHandler()
            .readParquetFiles(new OneElement<>(file), physical, Optional.empty())
            .map(FileReadResult::getData);
    try (CloseableIterator<FilteredColumnarBatch> logical =
        Scan.transformPhysicalData(engine, state, entry, data)) {
      while (logical.hasNext()) {
        try (CloseableIterator<Row> values = logical.next().getRows()) {
          while (values.hasNext()) {
            rows.add(RowVectors.row(table, values.next()));
          }
        }
      }
    }
  }

  /**
   * Appends rows; safe beside other writers.
   *
   * @return the version that holds them
   */
  public long append(Table table, List<TableRow> rows) {
    for (int attempt = 1; ; attempt++) {
      Optional<Long> version = commit(table, snapshot(table), rows, UnaryOperator.identity());
      if (version.isPresent()) {
        return version.get();
      }
      if (attempt == APPEND_ATTEMPTS) {
        throw new LakeException(
            "Cannot append to table " + table.name() + ": other writers won " + attempt + " times");
      }
    }
  }

  /**
   * Appends rows only if the table is still at this version: compare-and-swap.
   *
   * @return false if another commit was there first; then nothing was written
   */
  public boolean appendIfVersion(Table table, long expectedVersion, List<TableRow> rows) {
    Snapshot snapshot = snapshot(table);
    return snapshot.getVersion() == expectedVersion
        && commit(table, snapshot, rows, UnaryOperator.identity()).isPresent();
  }

  /**
   * Appends rows unless this application has already committed this or a later version of its own,
   * by Delta's transaction ids: the way to do something exactly once although one may be killed
   * after it.
   *
   * @return false if it was done before
   */
  public boolean appendOnce(Table table, String appId, long appVersion, List<TableRow> rows) {
    for (int attempt = 1; ; attempt++) {
      Snapshot snapshot = snapshot(table);
      if (snapshot.getLatestTransactionVersion(engine, appId).orElse(-1L) >= appVersion) {
        return false;
      }
      if (commit(table, snapshot, rows, update -> update.withTransactionId(appId, appVersion))
          .isPresent()) {
        return true;
      }
      if (attempt == APPEND_ATTEMPTS) {
        throw new LakeException(
            "Cannot append to table " + table.name() + ": other writers won " + attempt + " times");
      }
    }
  }

  /** The newest version that an application has committed to a table; -1 if it has not. */
  public long lastAppVersion(Table table, String appId) {
    return exists(table)
        ? snapshot(table).getLatestTransactionVersion(engine, appId).orElse(-1L)
        : -1;
  }

  private Optional<Long> commit(
      Table table,
      Snapshot snapshot,
      List<TableRow> rows,
      UnaryOperator<UpdateTableTransactionBuilder> options) {
    try {
      // Kernel would rebase a blind append over a concurrent one; 0 retries make the version that
      // was read binding.
      Transaction transaction =
          options
              .apply(
                  snapshot
                      .buildUpdateTableTransaction(ENGINE_INFO, Operation.WRITE)
                      .withMaxRetries(0))
              .build(engine);
      TransactionCommitResult result =
          transaction.commit(
              engine, CloseableIterable.inMemoryIterable(dataActions(table, transaction, rows)));
      for (PostCommitHook hook : result.getPostCommitHooks()) {
        runHook(table, hook);
      }
      return Optional.of(result.getVersion());
    } catch (ConcurrentWriteException | MaxCommitRetryLimitReachedException e) {
      LOG.debug("Lost a race for table {}: {}", table.name(), e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw new LakeException("Cannot write table " + table.name() + " in " + root, e);
    }
  }

  private CloseableIterator<Row> dataActions(
      Table table, Transaction transaction, List<TableRow> rows) throws IOException {
    Row state = transaction.getTransactionState(engine);
    CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine,
            state,
            new OneElement<>(
                new FilteredColumnarBatch(RowVectors.batch(table, rows), Optional.empty())),
            Map.of());
    DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
    CloseableIterator<DataFileStatus> files =
        engine
            .getParquetHandler()
            .writeParquetFiles(
                context.getTargetDirectory(), physical, context.getStatisticsColumns());
    return Transaction.generateAppendActions(engine, state, files, context);
  }

  private void runHook(Table table, PostCommitHook hook) {
    try {
      hook.threadSafeInvoke(engine);
    } catch (IOException | RuntimeException e) {
      // The commit stands; a missing checkpoint only makes the next read slower.
      LOG.warn(
          "Housekeeping {} of table {} failed: {}", hook.getType(), table.name(), e.getMessage());
    }
  }

  private Snapshot snapshot(Table table) {
    return TableManager.loadSnapshot(path(table)).build(engine);
  }

  private String path(Table table) {
    return root.resolve(table.name()).toString();
  }

  /** Kernel's iterators must be closed; one element has nothing to close. */
  private static final class OneElement<T> implements CloseableIterator<T> {
    private final Iterator<T> elements;

    OneElement(T element) {
      elements = List.of(element).iterator();
    }

    @Override
    public boolean hasNext() {
      return elements.hasNext();
    }

    @Override
    public T next() {
      if (!elements.hasNext()) {
        throw new NoSuchElementException();
      }
      return elements.next();
    }

    @Override
    public void close() {}
  }
}
