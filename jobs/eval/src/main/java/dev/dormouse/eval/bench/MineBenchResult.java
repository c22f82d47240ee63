package dev.dormouse.eval.bench;

import java.util.Optional;

/**
 * What the benchmark of mining measured.
 *
 * @param runs size of the history
 * @param parameters parameters of a run
 * @param seed of the generator
 * @param seconds wall clock of mining it; in a fresh process unless growth was measured
 * @param peakMemoryGb the most memory this process held until then, generating included, in GB (1e9
 *     bytes); empty where the system does not tell
 * @param insights how many were mined
 * @param slices steps (a parameter from one value to another, within a study and model variant)
 * @param slicesSeconds wall clock of the steps alone, from the lake to a file: what DuckDB does too
 * @param growth the same for a tenth of the runs, if asked for
 * @param duckDb the same steps by DuckDB, if there is one
 */
public record MineBenchResult(
    long runs,
    int parameters,
    long seed,
    double seconds,
    Optional<Double> peakMemoryGb,
    long insights,
    long slices,
    double slicesSeconds,
    Optional<Growth> growth,
    Optional<DuckDb> duckDb) {
  /**
   * A smaller history.
   *
   * @param runs its size
   * @param seconds wall clock of mining it
   * @param warmUpSeconds wall clock of mining a small history before: what a fresh process adds
   */
  public record Growth(long runs, double seconds, double warmUpSeconds) {}

  /**
   * The other engine.
   *
   * @param seconds wall clock of its query, from the same files to a file
   * @param slices rows of its result
   * @param comparison how they differ from the miner's
   */
  public record DuckDb(double seconds, long slices, SliceComparison comparison) {}

  /** Time by that of linear growth from the smaller history: 1 is linear, less is better. */
  public Optional<Double> growthRatio() {
    return growth.map(g -> seconds / (g.seconds() * runs / g.runs()));
  }

  /** Time of the whole mining by that of DuckDB's query. */
  public Optional<Double> ratioToDuckDb() {
    return duckDb.map(d -> seconds / d.seconds());
  }
}
