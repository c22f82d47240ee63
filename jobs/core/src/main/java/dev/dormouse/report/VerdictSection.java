package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The campaign's conclusion and the comparisons behind it. Pure.
 *
 * @param tone {@code good}, {@code bad} or {@code neutral}
 * @param changes differences between winner and baseline
 * @param comparisons winner against baseline, the test split first
 */
record VerdictSection(
    String tone,
    String headline,
    String explanation,
    String metric,
    List<String> changes,
    List<SplitComparison> comparisons) {

  /** Winner against baseline on one split. */
  record SplitComparison(
      String split,
      String baseline,
      String winner,
      String gain,
      String interval,
      String pValue,
      int pairs) {

    private static SplitComparison of(String split, Verdict.Comparison c) {
      return new SplitComparison(
          split,
          Numbers.metric(c.baselineMean()),
          Numbers.metric(c.winnerMean()),
          Numbers.gain(c.gain()),
          Numbers.interval(c.gainLow(), c.gainHigh()),
          Numbers.pValue(c.pValue()),
          c.pairs());
    }
  }

  static VerdictSection of(CampaignState state, CampaignSummary summary) {
    Optional<Verdict> verdict = state.verdict();
    return new VerdictSection(
        ReportWords.tone(state),
        ReportWords.headline(summary),
        verdict.map(Verdict::explanation).orElse(""),
        state.spec().orElseThrow().objective().metric(),
        changes(state),
        Stream.of(
                verdict.flatMap(Verdict::test).map(c -> SplitComparison.of("test", c)),
                verdict.flatMap(Verdict::validation).map(c -> SplitComparison.of("validation", c)))
            .flatMap(Optional::stream)
            .toList());
  }

  private static List<String> changes(CampaignState state) {
    return state
        .verdict()
        .flatMap(Verdict::winner)
        .map(arm -> arm.changesFrom(state.spec().orElseThrow().baseline()))
        .orElse(List.of())
        .stream()
        .map(Object::toString)
        .toList();
  }

  /** Returns the comparison to show first; empty without a comparison. */
  public List<SplitComparison> lead() {
    return comparisons.stream().limit(1).toList();
  }
}
