package dev.dormouse.io;

import dev.dormouse.table.Column;
import dev.dormouse.table.KernelTypes;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** Converts table rows to columns of Kernel, and rows of Kernel to table rows. */
final class RowVectors {
  private RowVectors() {}

  /**
   * Returns rows as a batch.
   *
   * @param stored the schema of the table on disk. Kernel refuses schemas that differ from it, even
   *     in a comment.
   * @throws LakeException if the table on disk lacks a column, or has it with another type
   */
  static ColumnarBatch batch(Table table, StructType stored, List<TableRow> rows) {
    for (StructField declared : KernelTypes.schema(table).fields()) {
      int index = stored.indexOf(declared.getName());
      if (index < 0 || !stored.at(index).getDataType().equivalent(declared.getDataType())) {
        throw new LakeException(
            "Table "
                + table.name()
                + " of the lake has no column "
                + declared.getName()
                + " of type "
                + declared.getDataType()
                + "; another version of Dormouse created it");
      }
    }
    return batch(stored, table, rows);
  }

  private static ColumnarBatch batch(StructType schema, Table table, List<TableRow> rows) {
    Set<String> known = table.columns().stream().map(Column::name).collect(Collectors.toSet());
    ColumnVector[] vectors = new ColumnVector[schema.length()];
    for (int i = 0; i < vectors.length; i++) {
      String column = schema.at(i).getName();
      List<Object> values = new ArrayList<>(rows.size());
      rows.forEach(row -> values.add(known.contains(column) ? row.raw(column) : null));
      vectors[i] = new ValuesVector(schema.at(i).getDataType(), values);
    }
    return new DefaultColumnarBatch(rows.size(), schema, vectors);
  }

  static TableRow row(Table table, Row row) {
    TableRow.Builder builder = TableRow.of(table);
    StructType schema = row.getSchema();
    for (Column column : table.columns()) {
      int index = schema.indexOf(column.name());
      if (index >= 0 && !row.isNullAt(index)) {
        builder.set(column.name(), value(column, row, index));
      }
    }
    return builder.build();
  }

  private static Object value(Column column, Row row, int index) {
    return switch (column.type()) {
      case STRING -> row.getString(index);
      case LONG -> row.getLong(index);
      case INT -> row.getInt(index);
      case DOUBLE -> row.getDouble(index);
      case BOOLEAN -> row.getBoolean(index);
      case TIMESTAMP -> Instant.EPOCH.plus(row.getLong(index), ChronoUnit.MICROS);
      case STRINGS -> list(row.getArray(index).getElements(), ColumnVector::getString);
      case LONGS -> list(row.getArray(index).getElements(), ColumnVector::getLong);
      case FLOATS -> list(row.getArray(index).getElements(), ColumnVector::getFloat);
      case STRING_MAP -> stringMap(row.getMap(index));
      case DOUBLE_MAP -> doubleMap(row.getMap(index));
    };
  }

  private static <T> List<T> list(
      ColumnVector vector, BiFunction<ColumnVector, Integer, T> element) {
    List<T> list = new ArrayList<>(vector.getSize());
    for (int i = 0; i < vector.getSize(); i++) {
      list.add(element.apply(vector, i));
    }
    return list;
  }

  private static Map<String, String> stringMap(MapValue map) {
    Map<String, String> strings = new TreeMap<>();
    for (int i = 0; i < map.getSize(); i++) {
      strings.put(map.getKeys().getString(i), map.getValues().getString(i));
    }
    return strings;
  }

  private static Map<String, Double> doubleMap(MapValue map) {
    Map<String, Double> doubles = new TreeMap<>();
    for (int i = 0; i < map.getSize(); i++) {
      doubles.put(map.getKeys().getString(i), map.getValues().getDouble(i));
    }
    return doubles;
  }

  /** A column of Java values. */
  private record ValuesVector(DataType type, List<?> values) implements ColumnVector {
    @Override
    public DataType getDataType() {
      return type;
    }

    @Override
    public int getSize() {
      return values.size();
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int row) {
      return values.get(row) == null;
    }

    @Override
    public boolean getBoolean(int row) {
      return (Boolean) values.get(row);
    }

    @Override
    public int getInt(int row) {
      return (Integer) values.get(row);
    }

    @Override
    public long getLong(int row) {
      return values.get(row) instanceof Instant instant
          ? ChronoUnit.MICROS.between(Instant.EPOCH, instant)
          : (Long) values.get(row);
    }

    @Override
    public float getFloat(int row) {
      return (Float) values.get(row);
    }

    @Override
    public double getDouble(int row) {
      return (Double) values.get(row);
    }

    @Override
    public String getString(int row) {
      return (String) values.get(row);
    }

    @Override
    public ArrayValue getArray(int row) {
      List<?> elements = (List<?>) values.get(row);
      ColumnVector vector = new ValuesVector(((ArrayType) type).getElementType(), elements);
      return new ArrayValue() {
        @Override
        public int getSize() {
          return elements.size();
        }

        @Override
        public ColumnVector getElements() {
          return vector;
        }
      };
    }

    @Override
    public MapValue getMap(int row) {
      Map<?, ?> map = (Map<?, ?>) values.get(row);
      MapType mapType = (MapType) type;
      ColumnVector keys = new ValuesVector(mapType.getKeyType(), new ArrayList<>(map.keySet()));
      ColumnVector mapped = new ValuesVector(mapType.getValueType(), new ArrayList<>(map.values()));
      return new MapValue() {
        @Override
        public int getSize() {
          return map.size();
        }

        @Override
        public ColumnVector getKeys() {
          return keys;
        }

        @Override
        public ColumnVector getValues() {
          return mapped;
        }
      };
    }
  }
}
