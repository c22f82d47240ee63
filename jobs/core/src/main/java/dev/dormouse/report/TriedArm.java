package dev.dormouse.report;

import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.Numbers;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One arm: its reasons, its forecast and its outcome. Pure.
 *
 * @param what the changes against the baseline
 * @param anchor the list of its runs
 */
record TriedArm(
    String what, String phase, Reasons reasons, Forecast forecast, Outcome outcome, String anchor) {
  private static final int MOST_CITED = 3;

  /**
   * Why the arm was tried.
   *
   * @param claim the hypothesis; empty if it only repeats the changes
   * @param moreEvidence number of citations that are not shown
   */
  record Reasons(
      String source, String claim, String why, List<Citation> evidence, int moreEvidence) {}

  /**
   * Evidence of a hypothesis.
   *
   * @param anchor its place in the report; empty if the report does not show it
   */
  record Citation(String id, String anchor) {}

  /** The forecast gain and its standard deviation; empty where unknown. */
  record Forecast(String gain, String sd) {}

  /**
   * What the arm's runs showed.
   *
   * @param tone {@code good}, {@code bad} or {@code neutral}
   * @param runs number of finished runs
   */
  record Outcome(String text, String interval, String tone, int runs) {}

  static TriedArm of(
      ArmResult arm,
      Optional<Hypothesis> hypothesis,
      Map<String, String> insightAnchors,
      String anchor) {
    return new TriedArm(
        arm.what(),
        arm.origin().phase().id(),
        reasons(arm, hypothesis, insightAnchors),
        new Forecast(
            arm.origin().predictedGain().map(Numbers::gain).orElse(""),
            hypothesis.map(h -> "± " + Numbers.metric(h.forecast().gainSd())).orElse("")),
        new Outcome(
            ReportWords.outcome(arm),
            arm.gain().map(gain -> Numbers.interval(gain.low(), gain.high())).orElse(""),
            ReportWords.tone(arm),
            arm.gains().size()),
        anchor);
  }

  private static Reasons reasons(
      ArmResult arm, Optional<Hypothesis> hypothesis, Map<String, String> insightAnchors) {
    List<String> evidence = hypothesis.map(Hypothesis::evidence).orElse(List.of());
    return new Reasons(
        arm.origin().source().map(Source::id).orElse(""),
        hypothesis
            .map(Hypothesis::claim)
            .filter(claim -> !claim.contains(arm.what()))
            .map(ReportWords::sentence)
            .orElse(""),
        hypothesis
            .map(h -> ReportWords.sentence(h.rationale()))
            .orElseGet(() -> ReportWords.why(arm.origin().source())),
        evidence.stream()
            .sorted(Comparator.comparing(id -> !insightAnchors.containsKey(id)))
            .limit(MOST_CITED)
            .map(id -> new Citation(id, insightAnchors.getOrDefault(id, "")))
            .toList(),
        Math.max(0, evidence.size() - MOST_CITED));
  }
}
