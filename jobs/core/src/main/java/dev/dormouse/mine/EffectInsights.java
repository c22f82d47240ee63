package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.mine.Pooling.Answer;
import dev.dormouse.mine.Pooling.Question;
import dev.dormouse.model.Insight;
import dev.dormouse.stats.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What single steps of a parameter gain, pooled over slices. Pure. */
final class EffectInsights {
  private static final long FEWEST_PAIRS = 3;

  private final Noise noise;
  private final SlicePrecision precision;
  private final List<Answer> answers;

  private EffectInsights(List<Fact> facts, Noise noise) {
    List<Fact> steps = facts.stream().filter(fact -> fact.kind() == Kind.STEP).toList();
    this.noise = noise;
    this.precision = new SlicePrecision(steps, noise);
    Map<String, List<Fact>> byStep = new TreeMap<>();
    for (Fact fact : steps) {
      byStep.computeIfAbsent(identity(fact), any -> new ArrayList<>()).add(fact);
    }
    List<Question> questions = new ArrayList<>();
    byStep.values().stream()
        .filter(EffectInsights::isWorthTesting)
        .forEach(slices -> questions.add(new Question(slices, precision.observations(slices))));
    answers = Pooling.answers(questions);
  }

  /** All steps with enough pairs, tested together. */
  static EffectInsights of(List<Fact> facts, Noise noise) {
    return new EffectInsights(facts, noise);
  }

  /** All steps with enough pairs. */
  List<Answer> answers() {
    return answers;
  }

  List<Finding> findings() {
    return answers.stream().map(this::finding).toList();
  }

  private static boolean isWorthTesting(List<Fact> step) {
    boolean exact = !step.get(0).from().get(0).isEmpty();
    // A step in scale from a single value says no more than the exact step does.
    double lowest = step.stream().mapToDouble(s -> s.number("lowest_from", 0)).min().orElse(0);
    double highest = step.stream().mapToDouble(s -> s.number("highest_from", 0)).max().orElse(0);
    double pairs = step.stream().mapToDouble(slice -> slice.number("n_pairs")).sum();
    return pairs >= FEWEST_PAIRS && (exact || lowest < highest);
  }

  private Finding finding(Answer answer) {
    Question question = answer.question();
    Fact any = question.slices().get(0);
    Estimate estimate = answer.estimate();
    String statement =
        String.format(
            Locale.ROOT,
            "%s: %s, %.0f%% of %d pairs in %d (study, model) slices of %d studies; %s%s",
            text(any),
            InsightWords.gain(estimate, any.metric()),
            100 * question.sharePositive(),
            question.pairs(),
            question.slices().size(),
            question.studies(),
            conclusion(answer),
            caveat(question));
    return Finding.of(Insight.Kind.EFFECT, identity(any), statement)
        .about(any.parameters(), any.from().get(0), any.to().get(0))
        .measured(any.metric(), answer.numbers())
        .seenIn(question.slices());
  }

  private String conclusion(Answer answer) {
    if (answer.isReported()) {
      return String.format(Locale.ROOT, "q %.2g", answer.qValue());
    }
    double noiseSd =
        answer.question().slices().stream()
            .mapToDouble(slice -> noise.seedSd(slice.study(), slice.metric()))
            .average()
            .orElse(0);
    return Math.abs(answer.estimate().mean()) < noiseSd
        ? "not distinguishable from seed noise"
        : String.format(
            Locale.ROOT,
            "not established among the %d tested (q %.2g)",
            answers.size(),
            answer.qValue());
  }

  /** That runs to be compared come from different sweeps lies in the data, not in our power. */
  private static String caveat(Question question) {
    boolean allCross =
        question.slices().stream().allMatch(slice -> slice.number("crosses") > 0.999);
    return allCross
        ? " (always between sweeps, whose own differences the interval allows for)"
        : "";
  }

  /** What a step is called. */
  static String text(Fact step) {
    String from = step.from().get(0);
    return step.parameters().get(0)
        + (from.isEmpty() ? " " : " " + from + " -> ")
        + step.to().get(0);
  }

  static String identity(Fact step) {
    return String.join(
        "|", step.parameters().get(0), step.from().get(0), step.to().get(0), step.metric());
  }

  /** The precision of steps. */
  SlicePrecision precision() {
    return precision;
  }
}
