package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.mine.Pooling.Answer;
import dev.dormouse.mine.Pooling.Question;
import dev.dormouse.model.Insight;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Two changes that together gain more or less than the sum of each. Pure. */
final class InteractionInsights {
  private static final long FEWEST_CELLS = 4;

  private InteractionInsights() {}

  /** All pairs of steps with enough cells are tested together; only the established are told. */
  static List<Finding> of(List<Fact> facts, Noise noise) {
    List<Fact> slices = facts.stream().filter(fact -> fact.kind() == Kind.INTERACTION).toList();
    SlicePrecision precision = new SlicePrecision(slices, noise);
    Map<String, List<Fact>> bySteps = new TreeMap<>();
    for (Fact fact : slices) {
      bySteps.computeIfAbsent(identity(fact), any -> new ArrayList<>()).add(fact);
    }
    List<Question> questions =
        bySteps.values().stream()
            .map(same -> new Question(same, precision.observations(same)))
            .filter(question -> question.pairs() >= FEWEST_CELLS)
            .toList();
    return Pooling.reported(questions).stream().map(InteractionInsights::finding).toList();
  }

  private static Finding finding(Answer answer) {
    Question question = answer.question();
    Fact any = question.slices().get(0);
    String statement =
        String.format(
            Locale.ROOT,
            "%s and %s together: %s beyond the sum of each; %s gains %s where %s is %s and %s where it is %s (%d cells in %d slices of %d studies)",
            step(any, 0),
            step(any, 1),
            InsightWords.gain(answer.estimate(), any.metric()),
            step(any, 0),
            InsightWords.signed(mean(question, slice -> slice.number("gain_before"))),
            any.parameters().get(1),
            any.from().get(1),
            InsightWords.signed(mean(question, slice -> slice.number("gain_after"))),
            any.to().get(1),
            question.pairs(),
            question.slices().size(),
            question.studies());
    return Finding.of(Insight.Kind.INTERACTION, identity(any), statement)
        .about(any.parameters(), String.join(" & ", any.from()), String.join(" & ", any.to()))
        .measured(any.metric(), answer.numbers())
        .seenIn(question.slices());
  }

  private static double mean(Question question, ToDoubleFunction<Fact> number) {
    return question.slices().stream().mapToDouble(number).average().orElse(Double.NaN);
  }

  private static String step(Fact fact, int i) {
    return fact.parameters().get(i) + " " + fact.from().get(i) + " -> " + fact.to().get(i);
  }

  private static String identity(Fact fact) {
    return String.join("|", step(fact, 0), step(fact, 1), fact.metric());
  }
}
