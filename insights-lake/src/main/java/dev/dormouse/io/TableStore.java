package dev.dormouse.io;

import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * All that the executor asks of a lake. {@link KernelLake} is the real one; the simulation has one
 * in memory that fails in every way that a real one can.
 */
public interface TableStore {
  /**
   * Rows of a table as of a version.
   *
   * @param version -1 if the table is not there
   */
  record Read(long version, List<TableRow> rows) {
    public Read {
      rows = List.copyOf(rows);
    }
  }

  /** The table's newest version; -1 if the table is not there. */
  long version(Table table);

  /**
   * All rows of a table's newest version, in no particular order; none if the table is not there.
   */
  Read read(Table table);

  /**
   * Rows whose whole number in {@code column} is above {@code after} and at most {@code upTo}, in
   * no particular order. Files that hold none are not opened.
   */
  Read readBetween(Table table, String column, long after, long upTo);

  /**
   * Appends rows; safe beside other writers. Without rows nothing is committed.
   *
   * @return the version that holds them
   */
  long append(Table table, List<TableRow> rows);

  /**
   * Appends rows only if the table is still at this version: compare-and-swap. Without rows nothing
   * is committed, only compared.
   *
   * @return false if another commit was there first; then nothing was written
   */
  boolean appendIfVersion(Table table, long expectedVersion, List<TableRow> rows);

  /**
   * Brings a table up to a version of what it is made from, by Delta's transaction ids: the way to
   * do something exactly once although one may be killed after it, or two do it at the same time.
   *
   * @param appId names what the table is made from
   * @param upTo the version to reach
   * @param rowsAfter the rows that take the table from a version (-1: from nothing) to {@code
   *     upTo}; empty if nothing has to be written, then the table is only marked
   * @return false if the table is there already
   */
  boolean appendOnce(
      Table table, String appId, long upTo, LongFunction<Optional<List<TableRow>>> rowsAfter);

  /** The newest version that an application has committed to a table; -1 if it has not. */
  long lastAppVersion(Table table, String appId);

  /**
   * A file beside a table's data that can be made again from the table; empty if it is not there.
   */
  Optional<byte[]> cached(Table table, String name);

  /** The names of such files. */
  List<String> cachedNames(Table table);

  /** Writes such a file; readers see all of it or nothing. */
  void cache(Table table, String name, byte[] content);

  /** Deletes such a file, if it is there. */
  void dropCached(Table table, String name);
}
