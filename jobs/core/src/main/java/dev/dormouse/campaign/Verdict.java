package dev.dormouse.campaign;

import dev.dormouse.model.Arm;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Locale;
import java.util.Optional;

/**
 * The conclusion of a campaign.
 *
 * @param kind the conclusion
 * @param winner the best arm found, if any was better than the baseline in the search phases
 * @param validation winner against baseline on the validation split, over fresh seeds
 * @param test winner against baseline on the test split, over fresh seeds
 * @param explanation one or two sentences for people
 */
public record Verdict(
    Kind kind,
    Optional<Arm> winner,
    Optional<Comparison> validation,
    Optional<Comparison> test,
    String explanation) {

  /** The conclusion. */
  public enum Kind {
    /** The winner beats the baseline on fresh seeds: the interval of the gain lies above 0. */
    CONFIRMED,
    /** The data do not tell them apart. */
    NOT_DISTINGUISHABLE,
    /** The winner loses on fresh seeds. */
    WORSE,
    /** Nothing was better than the baseline in the search phases. */
    NO_CANDIDATE,
    /** Ended before confirmation: halted, out of budget, or the baseline failed. */
    STOPPED;

    /** Returns the name for people and JSON, e.g. {@code not distinguishable}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * A paired comparison over seeds, oriented so that positive is better.
   *
   * @param pairs number of seed pairs
   * @param baselineMean mean of the baseline's metric
   * @param baselineLow lower end of its 95% interval
   * @param baselineHigh upper end of it
   * @param winnerMean mean of the winner's metric
   * @param winnerLow lower end of its 95% interval
   * @param winnerHigh upper end of it
   * @param gain mean gain
   * @param gainLow lower end of the gain's 95% interval (paired t)
   * @param gainHigh upper end of it
   * @param pValue two-sided sign-flip permutation test
   */
  @RecordBuilder
  public record Comparison(
      int pairs,
      double baselineMean,
      double baselineLow,
      double baselineHigh,
      double winnerMean,
      double winnerLow,
      double winnerHigh,
      double gain,
      double gainLow,
      double gainHigh,
      double pValue) {}
}
