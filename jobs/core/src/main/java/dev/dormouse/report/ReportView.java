package dev.dormouse.report;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.Numbers;
import dev.dormouse.summary.Productivity;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * The words and numbers of a report, ready for the template. Pure.
 *
 * @param asOf when the last event was logged, UTC
 * @param tone {@code good}, {@code bad} or {@code neutral}
 * @param lead the gain that counts most, where there is a verdict on it
 */
public record ReportView(
    String campaign,
    String goal,
    String metric,
    String status,
    String asOf,
    String tone,
    String headline,
    String explanation,
    List<Lead> lead,
    List<String> winner,
    List<Comparison> comparisons,
    List<Tile> tiles,
    List<Cautions.Caution> cautions,
    GainPlot gains,
    String noise,
    TimePlot time,
    List<PhaseLines.PhaseLine> phases,
    List<TriedArm> tried,
    Synergy synergy,
    ForecastReview forecasts,
    List<Failure> failures,
    List<Known> insights,
    String insightsIntro,
    List<LeftOut> leftOut,
    List<SourceNote> sources,
    List<Touch> touches,
    List<PeopleLine> people,
    List<NextSteps.NextStep> next,
    List<String> limits,
    ReportRuns runs) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int STRONGEST = 5;
  private static final int MOST_CITED = 3;
  private static final int FEW = 5;

  /** The gain that the verdict is about. */
  public record Lead(String gain, String split, String interval, String pValue, int pairs) {}

  /** Winner against baseline on one split. */
  public record Comparison(
      String split,
      String baseline,
      String winner,
      String gain,
      String interval,
      String pValue,
      int pairs) {}

  /** One number of the summary, and where it comes from. */
  public record Tile(String value, String label, String anchor) {}

  /** One arm: what it rests on, what was expected and what came of it. */
  public record TriedArm(
      String what,
      String phase,
      String source,
      String claim,
      String why,
      List<Citation> evidence,
      int moreEvidence,
      String forecast,
      String doubt,
      String outcome,
      String interval,
      String tone,
      int runs,
      String anchor) {}

  /** What a hypothesis rests on; {@code anchor} is empty unless the report tells more of it. */
  public record Citation(String id, String anchor) {}

  /** One failure and what was done about it. */
  public record Failure(
      String run,
      String what,
      String status,
      String cause,
      String rule,
      String action,
      String detail,
      String aftermath,
      String anchor) {}

  /** An insight mined from history. */
  public record Known(
      String statement, String effect, String interval, String basis, String id, String anchor) {}

  /** What the plan left out for one reason: the first few, and the others. */
  public record LeftOut(String why, int count, List<String> first, List<String> others) {}

  /** A source of hypotheses, and what it contributed. */
  public record SourceNote(String source, int arms, String note) {}

  /** What was asked of people, of this campaign or of all in the lake. */
  public record PeopleLine(
      String what,
      int campaigns,
      int touches,
      String minutes,
      String failures,
      String gpuHours,
      int confirmed,
      String touchesPerGain,
      String minutesPerGain,
      String gpuHoursPerGain) {}

  /** One human action. */
  public record Touch(String at, String kind, String by, String channel, String detail) {}

  static ReportView of(ReportData data) {
    CampaignState state = data.state();
    CampaignSummary summary = CampaignSummary.of(state);
    CampaignResults results = CampaignResults.of(state);
    ReportRuns runs = ReportRuns.of(state, results);
    List<Insight> used = usedInsights(data);
    List<Insight> shown = used.isEmpty() ? strongestInsights(data) : used;
    return new ReportView(
        state.campaignId(),
        summary.goal(),
        state.spec().orElseThrow().objective().metric(),
        summary.status().replace('_', ' '),
        data.events().isEmpty() ? "" : time(data.events().get(data.events().size() - 1).at()),
        ReportWords.tone(state),
        ReportWords.headline(summary),
        summary.explanation().orElse(""),
        lead(state),
        winner(state),
        comparisons(state),
        tiles(summary, data),
        Cautions.of(state, results, data.insights()),
        GainPlot.of(results, state.verdict()),
        results.noiseSd().isPresent()
            ? Numbers.metric(results.noiseSd().getAsDouble())
            : "not known yet",
        TimePlot.of(state, runs),
        PhaseLines.of(state, data.events(), runs),
        tried(state, results, shown),
        Synergy.of(results),
        ForecastReview.of(results, state.plan()),
        failures(state, runs),
        known(shown),
        used.isEmpty()
            ? "No planned hypothesis cites an insight; these are the strongest that were mined."
            : "What earlier runs had taught and the plan's hypotheses rest on.",
        leftOut(state),
        sources(state, results),
        state.touches().stream()
            .map(t -> new Touch(time(t.at()), t.kind(), t.by(), t.channel(), t.detail()))
            .toList(),
        List.of(
            people("This campaign", Productivity.of(state)),
            people("All campaigns of the lake", data.allCampaigns())),
        NextSteps.of(state, results),
        ReportWords.limits(state, results),
        runs);
  }

  private static List<Lead> lead(CampaignState state) {
    Optional<Verdict> verdict = state.verdict();
    return verdict
        .flatMap(Verdict::test)
        .map(c -> lead("test", c))
        .or(() -> verdict.flatMap(Verdict::validation).map(c -> lead("validation", c)))
        .stream()
        .toList();
  }

  private static Lead lead(String split, Verdict.Comparison c) {
    return new Lead(
        Numbers.gain(c.gain()),
        split,
        Numbers.interval(c.gainLow(), c.gainHigh()),
        Numbers.pValue(c.pValue()),
        c.pairs());
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

  private static List<Tile> tiles(CampaignSummary summary, ReportData data) {
    CampaignSummary.Budget budget = summary.budget();
    Productivity own = Productivity.of(data.state());
    int runs = summary.phases().stream().mapToInt(p -> p.done() + p.failed()).sum();
    return List.of(
        new Tile(
            Numbers.gpuHours(budget.usedGpuHours()),
            "GPU-hours of " + Numbers.gpuHours(budget.capGpuHours()) + " approved",
            "time"),
        new Tile(String.valueOf(runs), "trials finished", ReportRuns.ALL),
        new Tile(
            own.resolvedAlone() + " of " + own.failures(), "failures resolved alone", "failures"),
        new Tile(String.valueOf(data.ticks()), "ticks that changed something", "time"),
        new Tile(String.valueOf(own.touches()), "human touches", "people"),
        new Tile(Numbers.minutes(own.attendedMinutes()), "attended minutes", "people"),
        new Tile(
            perGain(own.gpuHoursPerConfirmedGain(), Numbers::gpuHours),
            "GPU-hours per confirmed gain",
            "people"));
  }

  private static String perGain(OptionalDouble number, DoubleFunction<String> text) {
    return number.isPresent() ? text.apply(number.getAsDouble()) : "–";
  }

  private static PeopleLine people(String what, Productivity p) {
    return new PeopleLine(
        what,
        p.campaigns(),
        p.touches(),
        Numbers.minutes(p.attendedMinutes()),
        p.failures() == 0
            ? "none failed"
            : p.resolvedAlone()
                + " of "
                + p.failures()
                + " ("
                + Numbers.percent(p.shareResolvedAlone().getAsDouble())
                + ")",
        Numbers.gpuHours(p.gpuHours()),
        p.confirmedGains(),
        perGain(p.touchesPerConfirmedGain(), n -> String.format(Locale.ROOT, "%.1f", n)),
        perGain(p.attendedMinutesPerConfirmedGain(), Numbers::minutes),
        perGain(p.gpuHoursPerConfirmedGain(), Numbers::gpuHours));
  }

  private static List<TriedArm> tried(
      CampaignState state, CampaignResults results, List<Insight> shown) {
    Map<String, Hypothesis> hypotheses =
        state.plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .collect(Collectors.toMap(Hypothesis::hypothesisId, h -> h, (a, b) -> a, TreeMap::new));
    Map<String, String> anchors = new TreeMap<>();
    for (Known insight : known(shown)) {
      anchors.put(insight.id(), insight.anchor());
    }
    List<TriedArm> tried = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      tried.add(
          tried(
              arm,
              // A mended arm carries the hypothesis of the arm that it mends, but is not a test of
              // it.
              arm.source().equals(Optional.of(Source.RUNBOOK))
                  ? Optional.empty()
                  : arm.hypothesisId().map(hypotheses::get),
              anchors,
              ReportRuns.arm(tried.size() + 1)));
    }
    return tried;
  }

  private static TriedArm tried(
      ArmResult arm, Optional<Hypothesis> hypothesis, Map<String, String> anchors, String anchor) {
    List<String> evidence = hypothesis.map(Hypothesis::evidence).orElse(List.of());
    return new TriedArm(
        arm.what(),
        arm.phase().id(),
        arm.source().map(Source::id).orElse(""),
        hypothesis
            .map(Hypothesis::claim)
            .filter(claim -> !claim.contains(arm.what()))
            .map(ReportWords::sentence)
            .orElse(""),
        hypothesis
            .map(h -> ReportWords.sentence(h.rationale()))
            .orElseGet(() -> ReportWords.why(arm.source())),
        evidence.stream()
            .sorted(Comparator.comparing(id -> !anchors.containsKey(id)))
            .limit(MOST_CITED)
            .map(id -> new Citation(id, anchors.getOrDefault(id, "")))
            .toList(),
        Math.max(0, evidence.size() - MOST_CITED),
        arm.predictedGain().map(Numbers::gain).orElse(""),
        hypothesis.map(h -> "± " + Numbers.metric(h.forecast().gainSd())).orElse(""),
        ReportWords.outcome(arm),
        arm.gain().map(gain -> Numbers.interval(gain.low(), gain.high())).orElse(""),
        ReportWords.tone(arm),
        arm.gains().size(),
        anchor);
  }

  private static List<Failure> failures(CampaignState state, ReportRuns runs) {
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
                  ReportWords.sentence(diagnosis.detail()),
                  Productivity.aftermath(state, diagnosis),
                  runs.anchor(key));
            })
        .toList();
  }

  private static List<Insight> usedInsights(ReportData data) {
    Set<String> cited =
        data.state().plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .flatMap(hypothesis -> hypothesis.evidence().stream())
            .collect(Collectors.toSet());
    return data.insights().stream().filter(insight -> cited.contains(insight.insightId())).toList();
  }

  private static List<Insight> strongestInsights(ReportData data) {
    return data.insights().stream().limit(STRONGEST).toList();
  }

  private static List<Known> known(List<Insight> insights) {
    List<Known> known = new ArrayList<>();
    for (Insight insight : insights) {
      known.add(known(insight, "insight-" + (known.size() + 1)));
    }
    return known;
  }

  private static Known known(Insight insight, String anchor) {
    return new Known(
        insight.statement(),
        insight.effect().map(e -> ReportWords.effect(insight.kind(), e.mean())).orElse(""),
        ReportWords.interval(insight),
        insight
            .effect()
            .map(e -> e.nPairs() + " pairs or runs, " + e.nStudies() + " studies")
            .orElse(""),
        insight.insightId(),
        anchor);
  }

  private static List<LeftOut> leftOut(CampaignState state) {
    Map<String, List<String>> byReason =
        state.plan().stream()
            .flatMap(plan -> plan.notTried().stream())
            .collect(
                Collectors.groupingBy(
                    Plan.NotTried::why,
                    LinkedHashMap::new,
                    Collectors.mapping(Plan.NotTried::what, Collectors.toList())));
    List<LeftOut> leftOut = new ArrayList<>();
    byReason.forEach(
        (why, all) -> {
          int few = Math.min(FEW, all.size());
          leftOut.add(
              new LeftOut(why, all.size(), all.subList(0, few), all.subList(few, all.size())));
        });
    return leftOut;
  }

  private static List<SourceNote> sources(CampaignState state, CampaignResults results) {
    Map<Source, Long> arms =
        results.arms().stream()
            .flatMap(arm -> arm.source().stream())
            .collect(Collectors.groupingBy(source -> source, TreeMap::new, Collectors.counting()));
    List<SourceNote> sources = new ArrayList<>();
    for (Source source : Source.values()) {
      int count = arms.getOrDefault(source, 0L).intValue();
      if (count > 0 || source == Source.LLM) {
        sources.add(new SourceNote(source.id(), count, ReportWords.source(state, source, count)));
      }
    }
    return sources;
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  /** A time to the second, UTC. */
  static String second(Instant at) {
    return SECOND.format(at);
  }
}
