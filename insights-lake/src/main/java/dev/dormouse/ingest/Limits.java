package dev.dormouse.ingest;

/**
 * What a source may not exceed: a damaged or hostile file is refused with a sentence, before it
 * fills the memory or the disk. Far above what real histories need.
 *
 * @param fileBytes size of a file as it lies there, in bytes
 * @param unpackedBytes from this unpacked size on, in bytes, {@code ratio} is looked at
 * @param ratio unpacked size over packed size
 * @param rows rows of a Parquet file, which may claim any number in a few bytes
 * @param columns columns, those in nested JSON objects included
 * @param depth objects and lists inside each other
 * @param lineBytes length of a line of CSV or JSON, and so of a cell, in bytes
 * @param paramsPerRun parameters of one run; a run with more goes to quarantine
 */
record Limits(
    long fileBytes,
    long unpackedBytes,
    int ratio,
    long rows,
    int columns,
    int depth,
    int lineBytes,
    int paramsPerRun) {
  private static final long GIB = 1L << 30;

  /** The limits of every import. */
  static final Limits DEFAULT =
      new Limits(
          // A million runs of 10 KiB each are 10 GiB.
          64 * GIB,
          // Small files may be as repetitive as they like.
          GIB,
          // Text of runs packs 5 to 30 times; gzip itself ends at about 1,000.
          200,
          // Curves of a million runs with a thousand points each.
          1_000_000_000,
          // Every column becomes an expression of Spark's plan.
          5_000,
          // Nobody reads parameters that deep; parsers recurse.
          32,
          // A line is held in memory, more than once.
          64 << 20,
          // MLflow's own limit for one batch is 100.
          2_000);
}
