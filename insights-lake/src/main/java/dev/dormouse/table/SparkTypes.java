package dev.dormouse.table;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Converts the schema and rows of a table to and from Spark. */
public final class SparkTypes {
  private SparkTypes() {}

  /** Returns the schema with nullability and comments. */
  public static StructType schema(Table table) {
    return schema(table, false);
  }

  /** Returns the schema without nullability, for rows that are not checked yet. */
  public static StructType lenientSchema(Table table) {
    return schema(table, true);
  }

  private static StructType schema(Table table, boolean allNullable) {
    return new StructType(
        table.columns().stream()
            .map(
                column ->
                    new StructField(
                        column.name(),
                        type(column.type()),
                        allNullable || column.nullable(),
                        new MetadataBuilder().putString("comment", column.comment()).build()))
            .toArray(StructField[]::new));
  }

  /** Returns the Spark type of a column type. */
  public static DataType type(ColumnType type) {
    return switch (type) {
      case STRING -> DataTypes.StringType;
      case LONG -> DataTypes.LongType;
      case INT -> DataTypes.IntegerType;
      case DOUBLE -> DataTypes.DoubleType;
      case BOOLEAN -> DataTypes.BooleanType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case STRINGS -> DataTypes.createArrayType(DataTypes.StringType);
      case STRING_MAP -> DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType);
      case DOUBLE_MAP -> DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType);
      case LONGS -> DataTypes.createArrayType(DataTypes.LongType);
      case FLOATS -> DataTypes.createArrayType(DataTypes.FloatType);
    };
  }

  /** Returns the Spark row of a table row, columns in the table's order. */
  public static Row toSpark(TableRow row) {
    return RowFactory.create(
        row.table().columns().stream().map(column -> sparkValue(row.raw(column.name()))).toArray());
  }

  private static Object sparkValue(Object value) {
    if (value instanceof Map<?, ?> map) {
      return CollectionConverters.asScala(map);
    }
    if (value instanceof List<?> list) {
      return CollectionConverters.asScala(list).toSeq();
    }
    return value;
  }

  /** Returns the table row of a Spark row, matched by column name. */
  public static TableRow fromSpark(Table table, Row row) {
    TableRow.Builder builder = TableRow.of(table);
    for (Column column : table.columns()) {
      int index = row.fieldIndex(column.name());
      builder.set(column.name(), row.isNullAt(index) ? null : javaValue(column.type(), row, index));
    }
    return builder.build();
  }

  private static Object javaValue(ColumnType type, Row row, int index) {
    return switch (type) {
      case STRINGS, LONGS, FLOATS -> row.getList(index);
      case STRING_MAP, DOUBLE_MAP -> row.getJavaMap(index);
      case TIMESTAMP ->
          row.get(index) instanceof Instant instant ? instant : row.getTimestamp(index).toInstant();
      default -> row.get(index);
    };
  }
}
