package dev.dormouse.publish;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The words and numbers of a report, ready for the template. Pure.
 *
 * @param asOf when the last event was logged, UTC
 * @param tone {@code good}, {@code bad} or {@code neutral}
 */
public record ReportView(
    String campaign,
    String goal,
    String status,
    String asOf,
    String tone,
    String headline,
    String explanation,
    List<String> winner,
    List<Comparison> comparisons,
    List<Tile> tiles,
    GainPlot gains,
    String noise,
    TimePlot time,
    List<Tried> tried,
    Forecasts forecasts,
    List<Failure> failures,
    List<Known> insights,
    String insightsIntro,
    List<Plan.NotTried> notTried,
    List<Spoke> sources,
    List<Touch> touches,
    List<String> limits) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int STRONGEST = 5;

  /** Winner against baseline on one split. */
  public record Comparison(
      String split,
      String baseline,
      String winner,
      String gain,
      String interval,
      String pValue,
      int pairs) {}

  /** One number of the summary. */
  public record Tile(String value, String label) {}

  /** One arm: what it rests on, what was expected and what came of it. */
  public record Tried(
      String what,
      String phase,
      String source,
      String why,
      String evidence,
      String forecast,
      String doubt,
      String outcome,
      String interval,
      int runs) {}

  /** One failure and what was done about it. */
  public record Failure(
      String run,
      String what,
      String status,
      String cause,
      String rule,
      String action,
      String detail) {}

  /** An insight mined from history. */
  public record Known(String statement, String effect, String interval, String basis, String id) {}

  /** A source of hypotheses, and what it contributed. */
  public record Spoke(String source, int arms, String note) {}

  /** One human action. */
  public record Touch(String at, String kind, String by, String channel, String detail) {}

  static ReportView of(ReportData data) {
    CampaignState state = data.state();
    CampaignSummary summary = CampaignSummary.of(state);
    CampaignResults results = CampaignResults.of(state);
    List<Known> used = usedInsights(data);
    return new ReportView(
        state.campaignId(),
        summary.goal(),
        summary.status().replace('_', ' '),
        data.events().isEmpty() ? "" : time(data.events().get(data.events().size() - 1).at()),
        ReportWords.tone(state),
        ReportWords.headline(summary),
        summary.explanation().orElse(""),
        winner(state),
        comparisons(state),
        tiles(summary, data.ticks()),
        GainPlot.of(results, state.verdict()),
        results.noiseSd().isPresent()
            ? Numbers.metric(results.noiseSd().getAsDouble())
            : "not known yet",
        TimePlot.of(state),
        tried(state, results),
        Forecasts.of(results, state.plan()),
        failures(state),
        used.isEmpty() ? strongestInsights(data) : used,
        used.isEmpty()
            ? "No planned hypothesis cites an insight; these are the strongest that were mined."
            : "What earlier runs had taught and the plan's hypotheses rest on.",
        state.plan().map(Plan::notTried).orElse(List.of()),
        sources(state, results),
        state.touches().stream()
            .map(t -> new Touch(time(t.at()), t.kind(), t.by(), t.channel(), t.detail()))
            .toList(),
        ReportWords.limits(state, results));
  }

  private static List<String> winner(CampaignState state) {
    return state
        .verdict()
        .flatMap(Verdict::winner)
        .map(
            arm ->
                arm.changesFrom(state.spec().orElseThrow().baseline()).stream()
                    .map(Object::toString)
                    .toList())
        .orElse(List.of());
  }

  private static List<Comparison> comparisons(CampaignState state) {
    List<Comparison> comparisons = new ArrayList<>();
    Optional<Verdict> verdict = state.verdict();
    verdict.flatMap(Verdict::test).ifPresent(c -> comparisons.add(comparison("test", c)));
    verdict
        .flatMap(Verdict::validation)
        .ifPresent(c -> comparisons.add(comparison("validation", c)));
    return comparisons;
  }

  private static Comparison comparison(String split, Verdict.Comparison c) {
    return new Comparison(
        split,
        Numbers.metric(c.baselineMean()),
        Numbers.metric(c.winnerMean()),
        Numbers.gain(c.gain()),
        Numbers.interval(c.gainLow(), c.gainHigh()),
        Numbers.pValue(c.pValue()),
        c.pairs());
  }

  private static List<Tile> tiles(CampaignSummary summary, int ticks) {
    CampaignSummary.Budget budget = summary.budget();
    int runs = summary.phases().stream().mapToInt(p -> p.done() + p.failed()).sum();
    return List.of(
        new Tile(
            String.format(Locale.ROOT, "%.3f / %.3f", budget.usedGpuHours(), budget.capGpuHours()),
            "GPU-hours used / approved"),
        new Tile(String.valueOf(runs), "trials finished"),
        new Tile(
            summary.failuresHandled() + " of " + summary.failedRuns(), "failures handled by rule"),
        new Tile(String.valueOf(ticks), "ticks that changed something"),
        new Tile(String.valueOf(summary.touches()), "human touches"));
  }

  private static List<Tried> tried(CampaignState state, CampaignResults results) {
    Map<String, Hypothesis> hypotheses =
        state.plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .collect(Collectors.toMap(Hypothesis::hypothesisId, h -> h, (a, b) -> a, TreeMap::new));
    return results.arms().stream()
        .map(arm -> tried(arm, arm.hypothesisId().map(hypotheses::get)))
        .toList();
  }

  private static Tried tried(ArmResult arm, Optional<Hypothesis> hypothesis) {
    String source = arm.source().map(Source::id).orElse("");
    return new Tried(
        arm.what(),
        arm.phase().id(),
        source,
        hypothesis
            .map(h -> ReportWords.sentence(h.claim()) + " " + ReportWords.sentence(h.rationale()))
            .orElseGet(() -> ReportWords.why(arm.source())),
        hypothesis.map(h -> ReportWords.some(h.evidence())).orElse(""),
        arm.predictedGain().map(Numbers::gain).orElse(""),
        hypothesis.map(h -> "± " + Numbers.metric(h.forecast().gainSd())).orElse(""),
        ReportWords.outcome(arm),
        arm.gain().map(gain -> Numbers.interval(gain.low(), gain.high())).orElse(""),
        arm.gains().size());
  }

  private static List<Failure> failures(CampaignState state) {
    return state.diagnoses().stream()
        .map(
            diagnosis -> {
              TrialKey key =
                  new TrialKey(state.campaignId(), diagnosis.trialId(), diagnosis.attempt());
              Optional<Attempt> attempt = Optional.ofNullable(state.attempts().get(key));
              return new Failure(
                  key.runId(),
                  attempt
                      .map(a -> CampaignResults.what(state.spec().orElseThrow(), a.trial().arm()))
                      .orElse(""),
                  attempt.flatMap(Attempt::outcome).map(o -> o.status().id()).orElse(""),
                  diagnosis.cause(),
                  diagnosis.rule(),
                  diagnosis.action().replace('_', ' '),
                  diagnosis.detail());
            })
        .toList();
  }

  private static List<Known> usedInsights(ReportData data) {
    Set<String> cited =
        data.state().plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .flatMap(hypothesis -> hypothesis.evidence().stream())
            .collect(Collectors.toSet());
    return data.insights().stream()
        .filter(insight -> cited.contains(insight.insightId()))
        .map(ReportView::known)
        .toList();
  }

  private static List<Known> strongestInsights(ReportData data) {
    return data.insights().stream().limit(STRONGEST).map(ReportView::known).toList();
  }

  private static Known known(Insight insight) {
    return new Known(
        insight.statement(),
        insight.effect().map(e -> ReportWords.effect(insight.kind(), e.mean())).orElse(""),
        insight
            .effect()
            .filter(e -> Double.isFinite(e.low()) && Double.isFinite(e.high()))
            .map(
                e ->
                    ReportWords.effect(insight.kind(), e.low())
                        + " to "
                        + ReportWords.effect(insight.kind(), e.high()))
            .orElse(""),
        insight
            .effect()
            .map(e -> e.nPairs() + " pairs or runs, " + e.nStudies() + " studies")
            .orElse(""),
        insight.insightId());
  }

  private static List<Spoke> sources(CampaignState state, CampaignResults results) {
    Map<Source, Long> arms =
        results.arms().stream()
            .flatMap(arm -> arm.source().stream())
            .collect(Collectors.groupingBy(source -> source, TreeMap::new, Collectors.counting()));
    List<Spoke> sources = new ArrayList<>();
    for (Source source : Source.values()) {
      int count = arms.getOrDefault(source, 0L).intValue();
      if (count > 0 || source == Source.LLM) {
        sources.add(new Spoke(source.id(), count, ReportWords.source(state, source, count)));
      }
    }
    return sources;
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }
}
