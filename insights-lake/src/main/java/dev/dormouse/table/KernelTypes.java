package dev.dormouse.table;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;

/** Converts the schema of a table to types of Delta Kernel. */
public final class KernelTypes {
  private KernelTypes() {}

  /** Returns the schema with nullability and comments. */
  public static StructType schema(Table table) {
    StructType schema = new StructType();
    for (Column column : table.columns()) {
      FieldMetadata comment =
          FieldMetadata.builder().putString("comment", column.comment()).build();
      schema = schema.add(column.name(), type(column.type()), column.nullable(), comment);
    }
    return schema;
  }

  private static DataType type(ColumnType type) {
    return switch (type) {
      case STRING -> StringType.STRING;
      case LONG -> LongType.LONG;
      case INT -> IntegerType.INTEGER;
      case DOUBLE -> DoubleType.DOUBLE;
      case BOOLEAN -> BooleanType.BOOLEAN;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case STRINGS -> new ArrayType(StringType.STRING, true);
      case STRING_MAP -> new MapType(StringType.STRING, StringType.STRING, true);
      case DOUBLE_MAP -> new MapType(StringType.STRING, DoubleType.DOUBLE, true);
      case LONGS -> new ArrayType(LongType.LONG, true);
      case FLOATS -> new ArrayType(FloatType.FLOAT, true);
    };
  }
}
