package dev.dormouse.model;

import io.soabase.recordbuilder.core.RecordBuilder;
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
 * @param step the values of the parameters that it is about
 * @param conditions where it holds, e.g. {@code model_variant -> DCN}; empty if no condition is
 *     known
 * @param modelVariants the model variants it was seen in
 * @param studies the studies it was seen in
 * @param metric the metric of the effect
 * @param effect the numbers, for kinds that have them
 * @param trapOf for a trap: the tempting but wrong conclusion, else empty
 * @param evidence ids of runs it rests on (of large sets a selection)
 */
@RecordBuilder
public record Insight(
    String insightId,
    Kind kind,
    String statement,
    List<String> parameters,
    Step step,
    SortedMap<String, String> conditions,
    List<String> modelVariants,
    List<String> studies,
    String metric,
    Optional<Effect> effect,
    String trapOf,
    List<String> evidence) {

  /** The kinds of statements. */
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
   * The numbers of an insight; NaN stands for a number that is not known. The mean is, for kind
   * {@code effect}, a gain in metric units (positive is better); for {@code condition}, the
   * difference of the gain where the condition holds; for {@code interaction}, the gain of both
   * changes minus the sum of the single gains; for {@code drift}, the change of the gain per year;
   * for {@code failure}, a failure rate; for {@code noise}, a standard deviation; for {@code cost},
   * a cost ratio.
   *
   * @param mean the estimate; corrected for selection if it is reported (q-value below 0.1)
   * @param plain the estimate by its own measurements alone, not corrected for selection
   * @param expected the estimate corrected for selection, reported or not
   * @param low lower end of the 95% interval of the mean
   * @param high upper end of it
   * @param predictionLow lower end of the 95% prediction interval for a new study, if known
   * @param predictionHigh upper end of it
   * @param pGain probability that the effect is above 0 in a new study
   * @param qValue false discovery rate at which it would be reported (Benjamini-Hochberg), if it
   *     was tested
   * @param nPairs number of pairs (or runs) it rests on
   * @param nSlices number of (study, model variant) slices
   * @param nStudies number of studies
   * @param sharePositive share of pairs that gained
   */
  @RecordBuilder
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
      double sharePositive) {

    /** Starts an effect of which nothing but the estimate is known; its interval may be NaN. */
    public static InsightEffectBuilder of(double mean, double low, double high) {
      return InsightEffectBuilder.builder()
          .mean(mean)
          .plain(mean)
          .expected(Double.NaN)
          .low(low)
          .high(high)
          .predictionLow(OptionalDouble.empty())
          .predictionHigh(OptionalDouble.empty())
          .pGain(Double.NaN)
          .qValue(OptionalDouble.empty())
          .sharePositive(Double.NaN);
    }
  }
}
