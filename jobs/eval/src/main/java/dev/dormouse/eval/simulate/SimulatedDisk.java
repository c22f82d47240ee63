package dev.dormouse.eval.simulate;

import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Storage shared by all processes: tables as lists of commits, with their cached files. */
final class SimulatedDisk {
  /** One table. */
  static final class Stored {
    /** Version 0 is the empty table. */
    final List<List<TableRow>> commits = new ArrayList<>(List.of(List.of()));

    final Map<String, Long> appVersions = new HashMap<>();
    final Map<String, byte[]> files = new TreeMap<>();

    long version() {
      return commits.size() - 1L;
    }

    List<TableRow> rows() {
      return commits.stream().flatMap(List::stream).toList();
    }
  }

  private final Map<String, Stored> tables = new HashMap<>();
  private final BiConsumer<Table, List<TableRow>> onCommit;

  /**
   * Creates an empty disk.
   *
   * @param onCommit called with every commit
   */
  SimulatedDisk(BiConsumer<Table, List<TableRow>> onCommit) {
    this.onCommit = onCommit;
  }

  Stored table(Table table) {
    return tables.computeIfAbsent(table.name(), any -> new Stored());
  }

  void commit(Table table, List<TableRow> rows) {
    table(table).commits.add(List.copyOf(rows));
    onCommit.accept(table, rows);
  }

  /** Returns all tables with all rows ever written. */
  Map<String, Stored> tables() {
    return Collections.unmodifiableMap(tables);
  }
}
