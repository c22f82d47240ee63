package dev.dormouse.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A set of changes claimed to gain over the campaign's baseline.
 *
 * @param hypothesisId unique in its campaign, derived from the arm
 * @param source who proposed it
 * @param claim the expected effect, one sentence
 * @param rationale the reason to expect it
 * @param arm the baseline with the changes made
 * @param changes against the baseline
 * @param evidence ids of the insights, techniques or runs that it rests on
 * @param forecast its forecast
 * @param score the value that ranks it, higher first, in the units of {@link Forecast#gain()} per
 *     relative cost
 * @param terms every term of the score by name, and {@link #RESERVED} where it applies
 * @param duplicateOf the run that already tried this arm in the same study, if one did
 */
@RecordBuilder
public record Hypothesis(
    String hypothesisId,
    Source source,
    String claim,
    String rationale,
    Arm arm,
    List<Change> changes,
    List<String> evidence,
    Forecast forecast,
    double score,
    SortedMap<String, Double> terms,
    Optional<String> duplicateOf) {
  /** The term of hypotheses whose trial is reserved, because no past run tells of their values. */
  public static final String RESERVED = "reserved";

  public Hypothesis {
    changes = List.copyOf(changes);
    evidence = List.copyOf(evidence);
    terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
  }

  /**
   * The forecast for a hypothesis, made before it is tried.
   *
   * @param gain expected gain over the baseline, in metric units
   * @param gainSd standard deviation of that expectation
   * @param pSuccess probability that the gain is above 0
   * @param pFailure probability that the run crashes, diverges or collapses
   * @param costMicros expected cost of one run, in micro-GPU-hours
   */
  public record Forecast(
      double gain, double gainSd, double pSuccess, double pFailure, long costMicros) {}

  /** Returns this hypothesis with one more term. */
  public Hypothesis withTerm(String term, double value) {
    TreeMap<String, Double> more = new TreeMap<>(terms);
    more.put(term, value);
    return HypothesisBuilder.builder(this).terms(more).build();
  }

  /** Returns this hypothesis with another score and its terms. */
  public Hypothesis scored(double newScore, SortedMap<String, Double> newTerms) {
    return HypothesisBuilder.builder(this).score(newScore).terms(newTerms).build();
  }
}
