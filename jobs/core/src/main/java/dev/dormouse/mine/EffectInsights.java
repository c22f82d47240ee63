package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.mine.Pooling.TestedEffect;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Step;
import dev.dormouse.stats.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Estimates what single steps of a parameter gain, pooled over slices. Pure. */
final class EffectInsights {
  private static final long FEWEST_PAIRS = 3;

  private final Noise noise;
  private final SlicePrecision precision;
  private final List<TestResult> results;

  private EffectInsights(List<Fact> facts, Noise noise) {
    List<Fact> steps = facts.stream().filter(fact -> fact.kind() == Kind.STEP).toList();
    this.noise = noise;
    this.precision = new SlicePrecision(steps, noise);
    Map<String, List<Fact>> byStep = new TreeMap<>();
    for (Fact fact : steps) {
      byStep.computeIfAbsent(identity(fact), any -> new ArrayList<>()).add(fact);
    }
    List<TestedEffect> tests = new ArrayList<>();
    byStep.values().stream()
        .filter(EffectInsights::isWorthTesting)
        .forEach(slices -> tests.add(new TestedEffect(slices, precision.observations(slices))));
    results = Pooling.results(tests);
  }

  /** Tests all steps with enough pairs together. */
  static EffectInsights of(List<Fact> facts, Noise noise) {
    return new EffectInsights(facts, noise);
  }

  /** Returns the results of all steps that were tested, reported or not. */
  List<TestResult> results() {
    return results;
  }

  List<Finding> findings() {
    return results.stream().map(this::finding).toList();
  }

  private static boolean isWorthTesting(List<Fact> step) {
    boolean exact = !(step.get(0).step() instanceof Step.Factor);
    // A factor that was only applied to one value repeats the step between two values.
    double lowest = step.stream().mapToDouble(s -> s.number("lowest_from", 0)).min().orElse(0);
    double highest = step.stream().mapToDouble(s -> s.number("highest_from", 0)).max().orElse(0);
    double pairs = step.stream().mapToDouble(slice -> slice.number("n_pairs")).sum();
    return pairs >= FEWEST_PAIRS && (exact || lowest < highest);
  }

  private Finding finding(TestResult result) {
    TestedEffect tested = result.tested();
    Fact any = tested.slices().get(0);
    Estimate estimate = result.estimate();
    String statement =
        String.format(
            Locale.ROOT,
            "%s: %s, %.0f%% of %d pairs in %d (study, model) slices of %d studies; %s%s",
            text(any),
            InsightWords.gain(estimate, any.metric()),
            100 * tested.sharePositive(),
            tested.pairs(),
            tested.slices().size(),
            tested.studies(),
            conclusion(result),
            caveat(tested));
    return Finding.of(Insight.Kind.EFFECT, identity(any), statement)
        .about(any.parameters(), any.step())
        .measured(any.metric(), result.numbers())
        .seenIn(tested.slices());
  }

  private String conclusion(TestResult result) {
    if (result.isReported()) {
      return String.format(Locale.ROOT, "q %.2g", result.qValue());
    }
    double noiseSd =
        result.tested().slices().stream()
            .mapToDouble(slice -> noise.seedSd(slice.study(), slice.metric()))
            .average()
            .orElse(0);
    return Math.abs(result.estimate().mean()) < noiseSd
        ? "not distinguishable from seed noise"
        : String.format(
            Locale.ROOT,
            "not established among the %d tested (q %.2g)",
            results.size(),
            result.qValue());
  }

  /** Returns a note if all pairs compare runs of different sweeps. */
  private static String caveat(TestedEffect tested) {
    boolean allCross = tested.slices().stream().allMatch(slice -> slice.number("crosses") > 0.999);
    return allCross
        ? " (always between sweeps, whose own differences the interval allows for)"
        : "";
  }

  /** Returns the step as sentences write it, e.g. {@code width 8 -> 16}. */
  static String text(Fact step) {
    return step.parameters().get(0) + " " + step.step().text();
  }

  /** Returns the text that identifies the step and its metric. */
  static String identity(Fact step) {
    return String.join(
        "|", step.parameters().get(0), step.from().get(0), step.to().get(0), step.metric());
  }

  /** Returns how precisely the slices of steps are measured. */
  SlicePrecision precision() {
    return precision;
  }
}
