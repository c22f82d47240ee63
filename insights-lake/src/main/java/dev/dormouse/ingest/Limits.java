package dev.dormouse.ingest;

/**
 * Limits of a source, far above what real histories need. A damaged or hostile file is refused with
 * a message before it fills the memory or the disk.
 *
 * @param fileBytes size of a file on disk, in bytes
 * @param unpackedBytes unpacked size in bytes from which {@code ratio} is checked
 * @param ratio unpacked size over packed size
 * @param rows rows of a Parquet file, whose footer may claim any number
 * @param columns columns, including those in nested JSON objects
 * @param depth nesting depth of objects and lists
 * @param lineBytes length of a line of CSV or JSON, and so of a cell, in bytes
 * @param paramsPerRun parameters of one run; runs with more go to quarantine
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
          // Small files may be packed at any ratio.
          GIB,
          // Text of runs packs 5 to 30 times; gzip itself ends at about 1,000.
          200,
          // Curves of a million runs with a thousand points each.
          1_000_000_000,
          // Every column becomes an expression of Spark's plan.
          5_000,
          // Parsers recurse; no real parameters nest that deep.
          32,
          // A line is held in memory several times.
          64 << 20,
          // MLflow's own limit for one batch is 100.
          2_000);
}
