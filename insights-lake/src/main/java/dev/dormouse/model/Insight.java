package dev.dormouse.model;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A statement mined from runs, with its effect, uncertainty, evidence and the context in which it
 * holds.
 *
 * @param insightId derived from what it states, so that mining twice gives the same id
 * @param kind what sort of statement it is
 * @param statement the sentence for people
 * @param parameters the parameters it is about; empty for some kinds
 * @param from value before, empty if it is not about a step
 * @param to value after, empty if it is not about a step
 * @param conditions where it holds: e.g. {@code model_variant -> DCN}; empty: everywhere seen
 * @param modelVariants the model variants it was seen in
 * @param studies the studies it was seen in
 * @param metric the metric of the effect
 * @param effect the numbers, for kinds that have them
 * @param trapOf for a trap: the tempting but wrong conclusion, else empty
 * @param evidence ids of runs it rests on (for large sets the most telling ones)
 */
public record Insight(
    String insightId,
    Kind kind,
    String statement,
    List<String> parameters,
    String from,
    String to,
    SortedMap<String, String> conditions,
    List<String> modelVariants,
    List<String> studies,
    String metric,
    Optional<Effect> effect,
    String trapOf,
    List<String> evidence) {

  /** What sort of statement an insight is. */
  public enum Kind {
    EFFECT,
    CONDITION,
    INTERACTION,
    FAILURE,
    COST,
    MODEL_RANK,
    SATURATION,
    SCALING,
    EARLY_SIGNAL,
    TRAP,
    COVERAGE,
    DRIFT,
    NOISE;

    /** The name as stored in the lake, e.g. {@code model_rank}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Insight {
    parameters = List.copyOf(parameters);
    conditions = Collections.unmodifiableSortedMap(new TreeMap<>(conditions));
    modelVariants = List.copyOf(modelVariants);
    studies = List.copyOf(studies);
    evidence = List.copyOf(evidence);
  }

  /**
   * The numbers of an insight. For kind {@code effect} the mean is a gain in metric units (positive
   * is better); for {@code condition} how much larger the gain is where the condition holds; for
   * {@code interaction} the gain of both changes beyond the sum of each; for {@code drift} the
   * change of the gain a year; for {@code failure} a failure rate; for {@code noise} a standard
   * deviation; for {@code cost} a cost ratio.
   *
   * @param mean the estimate; of what is reported (q-value below 0.1) corrected for having been
   *     selected
   * @param plain the estimate by its own measurements alone, not corrected for selection
   * @param expected the effect to count on, reported or not: shrunk for having been noticed; NaN
   *     where nothing is shrunk
   * @param low lower end of its 95% interval, which is corrected as the estimate is
   * @param high upper end of its 95% interval
   * @param predictionLow lower end of the 95% prediction interval for a new study, if it can be
   *     told
   * @param predictionHigh upper end of it
   * @param pGain probability that the effect is above 0 in a new study
   * @param qValue false discovery rate at which it would be reported (Benjamini-Hochberg), if it
   *     was tested
   * @param nPairs number of pairs (or runs) it rests on
   * @param nSlices number of (study, model variant) slices
   * @param nStudies number of studies
   * @param sharePositive share of pairs that gained
   */
  public record Effect(
      double mean,
      double plain,
      double expected,
      double low,
      double high,
      OptionalDouble predictionLow,
      OptionalDouble predictionHigh,
      double pGain,
      OptionalDouble qValue,
      long nPairs,
      long nSlices,
      long nStudies,
      double sharePositive) {}
}
