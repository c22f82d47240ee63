package dev.dormouse.io;

import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads all rows of one version of a table through Delta Kernel. */
final class KernelReader {
  private final Engine engine;
  private final Table table;
  private final Scan scan;
  private final Row state;
  private final StructType physicalSchema;

  /**
   * A reader.
   *
   * @param files opens only files that may hold rows of which this is true
   */
  KernelReader(Engine engine, Table table, Snapshot snapshot, Optional<Predicate> files) {
    this.engine = engine;
    this.table = table;
    ScanBuilder builder = snapshot.getScanBuilder();
    this.scan = files.map(builder::withFilter).orElse(builder).build();
    this.state = scan.getScanState(engine);
    this.physicalSchema = ScanStateRow.getPhysicalDataReadSchema(state);
  }

  List<TableRow> rows() throws IOException {
    List<TableRow> rows = new ArrayList<>();
    try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> entries = files.next().getRows()) {
          while (entries.hasNext()) {
            readFile(entries.next(), rows);
          }
        }
      }
    }
    return rows;
  }

  private void readFile(Row entry, List<TableRow> rows) throws IOException {
    FileStatus file = InternalScanFileUtils.getAddFileStatus(entry);
    CloseableIterator<ColumnarBatch> data =
        engine
            .getParquetHandler()
            .readParquetFiles(new OneElement<>(file), physicalSchema, Optional.empty())
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
}
