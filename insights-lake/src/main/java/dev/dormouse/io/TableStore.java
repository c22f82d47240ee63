package dev.dormouse.io;

import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * The operations of a lake that the executor needs. {@link KernelLake} implements them on disk; the
 * simulation has an implementation in memory that injects failures.
 */
public interface TableStore {
  /**
   * The rows of a table at a version.
   *
   * @param version -1 if the table does not exist
   */
  record Read(long version, List<TableRow> rows) {
    public Read {
      rows = List.copyOf(rows);
    }
  }

  /** Returns the newest version of a table; -1 if the table does not exist. */
  long version(Table table);

  /**
   * Returns all rows of a table's newest version, in no particular order; none if the table does
   * not exist.
   */
  Read read(Table table);

  /**
   * Returns the rows whose whole number in {@code column} is above {@code after} and at most {@code
   * upTo}, in no particular order. Files that hold none are not opened.
   */
  Read readBetween(Table table, String column, long after, long upTo);

  /**
   * Returns the rows whose text in {@code column} is {@code text}, in no particular order. Files
   * that hold none are not opened.
   */
  Read readWhere(Table table, String column, String text);

  /**
   * Appends rows; safe beside other writers. Without rows, nothing is committed.
   *
   * @return the version that contains them
   */
  long append(Table table, List<TableRow> rows);

  /**
   * Appends rows only if the table is still at this version (compare-and-swap). Without rows,
   * nothing is committed, only compared.
   *
   * @return false if another commit came first; nothing was written then
   */
  boolean appendIfVersion(Table table, long expectedVersion, List<TableRow> rows);

  /**
   * Updates a table to a version of the source that it is derived from. Delta's transaction ids
   * make this happen exactly once, even if processes are killed or run at the same time.
   *
   * @param appId identifies the source
   * @param upTo the source version to reach
   * @param rowsAfter returns the rows that take the table from a source version (-1: from nothing)
   *     to {@code upTo}; empty if nothing has to be committed
   * @return false if the table has that version already, or nothing was committed
   */
  boolean appendOnce(
      Table table, String appId, long upTo, LongFunction<Optional<List<TableRow>>> rowsAfter);

  /**
   * Returns the newest version that an application has committed to a table; -1 if there is none.
   */
  long lastAppVersion(Table table, String appId);

  /**
   * Returns a file beside a table's data that can be derived from the table again; empty if it does
   * not exist.
   */
  Optional<byte[]> cached(Table table, String name);

  /** Returns the names of the files that {@link #cache} wrote. */
  List<String> cachedNames(Table table);

  /** Writes a file beside a table's data atomically. */
  void cache(Table table, String name, byte[] content);

  /** Deletes a file that {@link #cache} wrote, if it exists. */
  void dropCached(Table table, String name);
}
