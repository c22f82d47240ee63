package dev.dormouse.io;

import dev.dormouse.table.KernelTypes;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.table.Tables;
import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.MaxCommitRetryLimitReachedException;
import io.delta.kernel.exceptions.TableAlreadyExistsException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.hook.PostCommitHook;
import io.delta.kernel.transaction.UpdateTableTransactionBuilder;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lake through Delta Kernel, which starts in a fraction of a second. For small reads and
 * appends, and for the compare-and-swap that the executor's log needs. Tables whose {@link
 * Table.Writer} is Spark are read-only here.
 */
public final class KernelLake implements TableStore {
  private static final Logger LOG = LoggerFactory.getLogger(KernelLake.class);
  private static final String ENGINE_INFO = "dormouse";
  private static final String COMMITS_BETWEEN_CHECKPOINTS = "50";
  private static final int MOST_ATTEMPTS = 100;
  private static final Pattern COMMIT_OR_CHECKPOINT =
      Pattern.compile("\\d{20}\\.(json|checkpoint.*)");

  private final Path root;
  private final Engine engine;
  private final DerivedFiles derived;

  private KernelLake(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.derived = new DerivedFiles(this.root);
    Configuration configuration = new Configuration();
    configuration.set(HardLinkLogStore.KERNEL_KEY, HardLinkLogStore.class.getName());
    this.engine = DefaultEngine.create(configuration);
  }

  /** Returns the lake in this directory, which need not exist yet. */
  public static KernelLake at(Path root) {
    return new KernelLake(root);
  }

  /** Returns the lake's directory, absolute. */
  public Path root() {
    return root;
  }

  /** Returns whether a table exists. */
  public boolean exists(Table table) {
    Path log = root.resolve(table.name()).resolve("_delta_log");
    if (!Files.isDirectory(log)) {
      return false;
    }
    try (Stream<Path> files = Files.list(log)) {
      return files.anyMatch(
          file -> COMMIT_OR_CHECKPOINT.matcher(file.getFileName().toString()).matches());
    } catch (IOException e) {
      throw new LakeException("Cannot list " + log, e);
    }
  }

  /** Creates the missing ones of the tables that the executor writes. */
  public void createKernelTables() {
    Tables.ALL.stream()
        .filter(table -> table.writer() == Table.Writer.KERNEL)
        .forEach(this::create);
  }

  /** Creates a table if it is missing; safe beside other processes. */
  public void create(Table table) {
    if (exists(table)) {
      return;
    }
    try {
      TableManager.buildCreateTableTransaction(path(table), KernelTypes.schema(table), ENGINE_INFO)
          .withTableProperties(Map.of("delta.checkpointInterval", COMMITS_BETWEEN_CHECKPOINTS))
          .build(engine)
          .commit(engine, CloseableIterable.emptyIterable());
    } catch (TableAlreadyExistsException
        | ConcurrentWriteException
        | MaxCommitRetryLimitReachedException e) {
      LOG.debug("Another process created table {}", table.name());
    }
  }

  /** Returns the names of the columns that a table has on disk. */
  List<String> columnNames(Table table) {
    return snapshot(table).getSchema().fieldNames();
  }

  @Override
  public long version(Table table) {
    return exists(table) ? snapshot(table).getVersion() : -1;
  }

  @Override
  public Read read(Table table) {
    return read(table, Optional.empty());
  }

  @Override
  public Read readBetween(Table table, String column, long after, long upTo) {
    Column number = new Column(column);
    Read read =
        read(
            table,
            Optional.of(
                new And(
                    new Predicate(">", number, Literal.ofLong(after)),
                    new Predicate("<=", number, Literal.ofLong(upTo)))));
    return new Read(
        read.version(),
        read.rows().stream()
            .filter(row -> row.number(column) > after && row.number(column) <= upTo)
            .toList());
  }

  @Override
  public Read readWhere(Table table, String column, String text) {
    Read read =
        read(table, Optional.of(new Predicate("=", new Column(column), Literal.ofString(text))));
    return new Read(
        read.version(),
        read.rows().stream()
            .filter(row -> row.optionalText(column).filter(text::equals).isPresent())
            .toList());
  }

  private Read read(Table table, Optional<Predicate> files) {
    if (!exists(table)) {
      return new Read(-1, List.of());
    }
    Snapshot snapshot = snapshot(table);
    try {
      return new Read(
          snapshot.getVersion(), new KernelReader(engine, table, snapshot, files).rows());
    } catch (IOException | RuntimeException e) {
      throw unreadable(table, e);
    }
  }

  /** Damaged files cause exceptions of any type in Parquet, JSON or Kernel. */
  private LakeException unreadable(Table table, Exception cause) {
    return new LakeException(
        "Table "
            + table.name()
            + " in "
            + root
            + " cannot be read: "
            + cause.getMessage()
            + "; see 'dormouse doctor'",
        cause);
  }

  @Override
  public long append(Table table, List<TableRow> rows) {
    Snapshot snapshot = snapshot(table);
    if (rows.isEmpty()) {
      return snapshot.getVersion();
    }
    try {
      return commit(table, update(snapshot), rows);
    } catch (ConcurrentWriteException | MaxCommitRetryLimitReachedException e) {
      throw conflict(table, e);
    }
  }

  @Override
  public boolean appendIfVersion(Table table, long expectedVersion, List<TableRow> rows) {
    Snapshot snapshot = snapshot(table);
    if (snapshot.getVersion() != expectedVersion) {
      return false;
    }
    if (rows.isEmpty()) {
      return true;
    }
    try {
      // Kernel would rebase a blind append over a concurrent commit. Without retries, the commit
      // fails unless the table still has the version that was read.
      commit(table, update(snapshot).withMaxRetries(0), rows);
      return true;
    } catch (ConcurrentWriteException | MaxCommitRetryLimitReachedException e) {
      LOG.debug("Lost version {} of table {}", expectedVersion + 1, table.name());
      return false;
    }
  }

  @Override
  public boolean appendOnce(
      Table table, String appId, long upTo, LongFunction<Optional<List<TableRow>>> rowsAfter) {
    for (int attempt = 1; true; attempt++) {
      Snapshot snapshot = snapshot(table);
      long done = lastAppVersion(snapshot, appId);
      if (done >= upTo) {
        return false;
      }
      Optional<List<TableRow>> rows = rowsAfter.apply(done);
      if (rows.isEmpty()) {
        return false;
      }
      try {
        // Kernel would rebase over a commit of the same application with a lower version, and
        // write its rows again. Without retries, the commit fails in that case.
        commit(
            table, update(snapshot).withTransactionId(appId, upTo).withMaxRetries(0), rows.get());
        return true;
      } catch (ConcurrentWriteException | MaxCommitRetryLimitReachedException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw conflict(table, e);
        }
      }
    }
  }

  @Override
  public long lastAppVersion(Table table, String appId) {
    return exists(table) ? lastAppVersion(snapshot(table), appId) : -1;
  }

  private long lastAppVersion(Snapshot snapshot, String appId) {
    return snapshot.getLatestTransactionVersion(engine, appId).orElse(-1L);
  }

  private static UpdateTableTransactionBuilder update(Snapshot snapshot) {
    return snapshot.buildUpdateTableTransaction(ENGINE_INFO, Operation.WRITE);
  }

  private long commit(Table table, UpdateTableTransactionBuilder update, List<TableRow> rows) {
    try {
      Transaction transaction = update.build(engine);
      CloseableIterable<Row> actions =
          rows.isEmpty()
              ? CloseableIterable.emptyIterable()
              : CloseableIterable.inMemoryIterable(dataActions(table, transaction, rows));
      TransactionCommitResult result = transaction.commit(engine, actions);
      result.getPostCommitHooks().forEach(hook -> run(table, hook));
      return result.getVersion();
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
                new FilteredColumnarBatch(
                    RowVectors.batch(table, transaction.getSchema(engine), rows),
                    Optional.empty())),
            Map.of());
    DataWriteContext context = Transaction.getWriteContext(engine, state, Map.of());
    CloseableIterator<DataFileStatus> files =
        engine
            .getParquetHandler()
            .writeParquetFiles(
                context.getTargetDirectory(), physical, context.getStatisticsColumns());
    return Transaction.generateAppendActions(engine, state, files, context);
  }

  private void run(Table table, PostCommitHook hook) {
    try {
      hook.threadSafeInvoke(engine);
    } catch (IOException | RuntimeException e) {
      // The commit is valid; a missing checkpoint only makes the next read slower.
      LOG.warn(
          "Housekeeping {} of table {} failed: {}", hook.getType(), table.name(), e.getMessage());
    }
  }

  private Snapshot snapshot(Table table) {
    try {
      return TableManager.loadSnapshot(path(table)).build(engine);
    } catch (TableNotFoundException e) {
      throw new LakeException(
          "There is no table " + table.name() + " in " + root + "; create the lake first", e);
    } catch (RuntimeException e) {
      throw unreadable(table, e);
    }
  }

  @Override
  public Optional<byte[]> cached(Table table, String name) {
    return derived.read(table, name);
  }

  @Override
  public List<String> cachedNames(Table table) {
    return derived.names(table);
  }

  @Override
  public void cache(Table table, String name, byte[] content) {
    derived.write(table, name, content);
  }

  @Override
  public void dropCached(Table table, String name) {
    derived.delete(table, name);
  }

  private LakeException conflict(Table table, RuntimeException cause) {
    return new LakeException(
        "Cannot append to table "
            + table.name()
            + " in "
            + root
            + ": other writers kept changing it; try again",
        cause);
  }

  private String path(Table table) {
    return root.resolve(table.name()).toString();
  }
}
