package dev.dormouse.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.try_element_at;
import static org.apache.spark.sql.functions.when;

import dev.dormouse.table.ColumnType;
import dev.dormouse.table.SparkTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a source by name. {@code a.b} is a column of that name, or field {@code b} of
 * column {@code a}, or the value of key {@code b} in map {@code a}. A value that cannot be read as
 * its type is missing.
 */
final class SourceColumns {
  private final StructType schema;
  private final List<String> names;

  SourceColumns(StructType schema) {
    this.schema = schema;
    this.names = names(schema);
  }

  /** Returns all names; fields of nested columns follow their column. */
  List<String> names() {
    return names;
  }

  private static List<String> names(StructType schema) {
    List<String> names = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (field.name().equals(SourceFiles.MALFORMED)) {
        continue;
      }
      names.add(field.name());
      if (field.dataType() instanceof StructType nested) {
        Arrays.stream(nested.fieldNames())
            .map(name -> field.name() + "." + name)
            .forEach(names::add);
      }
    }
    return names;
  }

  /** Returns whether column {@link SourceFiles#MALFORMED} holds lines that are not well-formed. */
  boolean hasMalformedRows() {
    return Arrays.asList(schema.fieldNames()).contains(SourceFiles.MALFORMED);
  }

  boolean has(String name) {
    return names().contains(name) || map(name).isPresent();
  }

  Column raw(String name) {
    Optional<String> map = map(name);
    if (map.isPresent()) {
      return try_element_at(
          col("`" + map.get() + "`"), lit(name.substring(map.get().length() + 1)));
    }
    return Arrays.asList(schema.fieldNames()).contains(name)
        ? col("`" + name + "`")
        : col("`" + name.replaceFirst("\\.", "`.`") + "`");
  }

  Column text(Optional<String> name) {
    return name.map(column -> raw(column).cast("string")).orElse(lit(null).cast("string"));
  }

  /** Returns a number, which may be infinite or NaN. */
  Column number(Optional<String> name) {
    return name.map(column -> raw(column).try_cast("double")).orElse(lit(null).cast("double"));
  }

  /** Returns a number; NaN becomes missing, as pandas writes missing numbers so. */
  Column presentNumber(Optional<String> name) {
    Column number = number(name);
    return when(isnan(number), lit(null)).otherwise(number);
  }

  /** Returns a whole number, also from the text {@code 5.0}. */
  Column wholeNumber(Optional<String> name) {
    return name.map(
            column ->
                when(raw(column).try_cast("bigint").isNotNull(), raw(column).try_cast("bigint"))
                    .otherwise(raw(column).try_cast("double").try_cast("bigint")))
        .orElse(lit(null).cast("bigint"));
  }

  Column instant(Optional<String> name) {
    return name.map(column -> raw(column).try_cast("timestamp"))
        .orElse(lit(null).cast("timestamp"));
  }

  /** Returns texts by name from a map, a nested column, or the text of a JSON object. */
  Column textMap(String name) {
    DataType texts = SparkTypes.type(ColumnType.STRING_MAP);
    DataType type = type(name);
    if (type instanceof MapType) {
      return raw(name).cast(texts);
    }
    Column json = type instanceof StructType ? to_json(raw(name)) : raw(name).cast("string");
    return from_json(json, texts);
  }

  /** Returns the map in a name {@code MAP.KEY}, whether or not the map has the key. */
  private Optional<String> map(String name) {
    int dot = name.indexOf('.');
    return dot < 0 || names().contains(name) || !(type(name.substring(0, dot)) instanceof MapType)
        ? Optional.empty()
        : Optional.of(name.substring(0, dot));
  }

  private DataType type(String name) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equals(name))
        .map(StructField::dataType)
        .findFirst()
        .orElse(DataTypes.StringType);
  }
}
