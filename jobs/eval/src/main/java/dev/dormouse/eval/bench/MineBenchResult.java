package dev.dormouse.eval.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;

/**
 * What the benchmark of mining measured; written as one flat JSON object.
 *
 * @param growth the same for a tenth of the runs, if requested
 * @param duckDb the same steps computed by DuckDB, if it is installed
 */
public record MineBenchResult(
    @JsonUnwrapped History history,
    @JsonUnwrapped Mining mining,
    @JsonUnwrapped Steps steps,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Growth> growth,
    @JsonProperty("duckdb") @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<DuckDb> duckDb) {

  /**
   * The generated history.
   *
   * @param parameters number of parameters of a run
   * @param seed of the generator
   */
  public record History(long runs, int parameters, long seed) {}

  /**
   * Mining of the history.
   *
   * @param seconds wall clock; in a fresh process unless growth was measured
   * @param peakMemoryGb the most memory that this process held until then, generating included, in
   *     GB (1e9 bytes); empty where the system does not report it
   * @param insights number of insights
   */
  public record Mining(
      double seconds,
      @JsonProperty("peak_memory_gb") Optional<Double> peakMemoryGb,
      long insights) {}

  /**
   * The steps alone (a parameter from one value to another, within a study and model variant).
   *
   * @param slices number of steps
   * @param seconds wall clock from the lake to a file, which is what DuckDB does too
   */
  public record Steps(long slices, @JsonProperty("slices_seconds") double seconds) {}

  /**
   * A smaller history.
   *
   * @param runs its size
   * @param seconds wall clock of mining it
   * @param warmUpSeconds wall clock of mining a small history before, which a fresh process adds
   * @param ratio seconds of the whole history over those of linear growth from this one; 1 is
   *     linear, less is better
   */
  public record Growth(
      @JsonProperty("runs_small") long runs,
      @JsonProperty("seconds_small") double seconds,
      @JsonProperty("warm_up_seconds") double warmUpSeconds,
      double ratio) {}

  /**
   * The other engine.
   *
   * @param seconds wall clock of its query, from the same files to a file
   * @param slices number of rows of its result
   * @param comparison differences from the miner's steps
   */
  public record DuckDb(double seconds, long slices, @JsonUnwrapped SliceComparison comparison) {}

  /** Returns the time of the whole mining over that of DuckDB's query. */
  @JsonProperty("ratio_to_duckdb")
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public Optional<Double> ratioToDuckDb() {
    return duckDb.map(d -> mining.seconds() / d.seconds());
  }
}
