package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.mine.Pooling.TestedEffect;
import dev.dormouse.model.Insight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Finds pairs of changes that gain more or less together than the sum of both alone. Pure. */
final class InteractionInsights {
  private static final long FEWEST_CELLS = 4;

  private InteractionInsights() {}

  /** Tests all pairs of steps with enough cells together; returns those that are established. */
  static List<Finding> of(List<Fact> facts, Noise noise) {
    List<Fact> slices = facts.stream().filter(fact -> fact.kind() == Kind.INTERACTION).toList();
    SlicePrecision precision = new SlicePrecision(slices, noise);
    Map<String, List<Fact>> bySteps = new TreeMap<>();
    for (Fact fact : slices) {
      bySteps.computeIfAbsent(identity(fact), any -> new ArrayList<>()).add(fact);
    }
    List<TestedEffect> tests =
        bySteps.values().stream()
            .map(same -> new TestedEffect(same, precision.observations(same)))
            .filter(tested -> tested.pairs() >= FEWEST_CELLS)
            .toList();
    return Pooling.reported(tests).stream().map(InteractionInsights::finding).toList();
  }

  private static Finding finding(TestResult result) {
    TestedEffect tested = result.tested();
    Fact any = tested.slices().get(0);
    String statement =
        String.format(
            Locale.ROOT,
            "%s and %s together: %s beyond the sum of each; %s gains %s where %s is %s and %s where"
                + " it is %s (%d cells in %d slices of %d studies)",
            step(any, 0),
            step(any, 1),
            InsightWords.gain(result.estimate(), any.metric()),
            step(any, 0),
            InsightWords.signed(mean(tested, slice -> slice.number("gain_before"))),
            any.parameters().get(1),
            any.from().get(1),
            InsightWords.signed(mean(tested, slice -> slice.number("gain_after"))),
            any.to().get(1),
            tested.pairs(),
            tested.slices().size(),
            tested.studies());
    return Finding.of(Insight.Kind.INTERACTION, identity(any), statement)
        .about(any.parameters(), any.step())
        .measured(any.metric(), result.numbers())
        .seenIn(tested.slices());
  }

  private static double mean(TestedEffect tested, ToDoubleFunction<Fact> number) {
    return tested.slices().stream().mapToDouble(number).average().orElse(Double.NaN);
  }

  private static String step(Fact fact, int i) {
    return fact.parameters().get(i) + " " + fact.step(i).text();
  }

  private static String identity(Fact fact) {
    return String.join("|", step(fact, 0), step(fact, 1), fact.metric());
  }
}
