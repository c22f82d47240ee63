package dev.dormouse.eval.bench;

import static org.apache.spark.sql.functions.cos;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.stream.Stream;
import org.apache.spark.sql.Column;

/**
 * Pseudo-random columns that depend on a seed, a purpose and ids of the row, and on nothing else:
 * not on partitions, not on the order of rows.
 */
final class Draws {
  private static final int UNUSED_BITS = 11;
  private static final double UNIT = 0x1.0p-53;

  private final long seed;

  Draws(long seed) {
    this.seed = seed;
  }

  /** Draws uniformly from [0, 1). */
  Column uniform(String purpose, Column... ids) {
    Column[] hashed =
        Stream.concat(Stream.of(lit(seed), lit(purpose)), Stream.of(ids)).toArray(Column[]::new);
    return shiftrightunsigned(xxhash64(hashed), UNUSED_BITS).multiply(UNIT);
  }

  /** Draws a whole number from 0 to {@code n - 1}, each with the same probability. */
  Column below(int n, String purpose, Column... ids) {
    return scaled(n, uniform(purpose, ids));
  }

  /** Draws from the normal distribution with mean 0 and standard deviation 1. */
  Column normal(String purpose, Column... ids) {
    Column radius = sqrt(log(lit(1.0).minus(uniform(purpose + " (radius)", ids))).multiply(-2.0));
    return radius.multiply(cos(uniform(purpose + " (angle)", ids).multiply(2 * Math.PI)));
  }

  /** Maps a uniform number to a whole number from 0 to {@code n - 1}. */
  static Column scaled(int n, Column uniform) {
    return floor(uniform.multiply(n)).cast("int");
  }
}
