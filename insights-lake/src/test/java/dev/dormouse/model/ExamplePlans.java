package dev.dormouse.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans for tests of their identity. */
final class ExamplePlans {
  private ExamplePlans() {}

  /** A plan in which every component of every part holds something. */
  static Plan full() {
    Plan.CostEstimate cost = new Plan.CostEstimate(1_000, 2_000, 5_000, "12 runs of this study");
    Arm baseline = Arm.of(Map.of("model", "DCN", "learning_rate", "1e-3", "layers", "[64, 32]"));
    Change change = new Change("learning_rate", "0.001", "0.01");
    Change unset = new Change("layers", "[64,32]", "");
    return new Plan(
        "clicks",
        List.of(
            new Plan.PhasePlan(Phase.BASELINE, 2, List.of(1L, 2L), cost, "How noisy is it?"),
            new Plan.PhasePlan(
                Phase.CONFIRMATION, 4, List.of(1001L, 1002L), cost.times(4), "Does it hold?")),
        List.of(
            hypothesis(baseline, List.of(change), Source.HISTORY, Optional.of("run-7")),
            hypothesis(baseline, List.of(change, unset), Source.LLM, Optional.empty())),
        cost.times(6),
        3_000_000,
        List.of("ends when the budget is spent", "says \"enough\"\nand é€😀"),
        List.of(new Plan.NotTried("dropout: 0 -> 0.5", "likely to fail")));
  }

  /** The same plan, resting on forecasts and on arms that the study knows. */
  static Plan withBasis() {
    Plan plan = full();
    return new Plan(
        plan.campaignId(),
        plan.phases(),
        plan.hypotheses(),
        plan.cost(),
        plan.capMicros(),
        plan.stopRules(),
        plan.notTried(),
        Optional.of(
            new Plan.Basis(
                "f1-0123456789abcdef",
                0.0005,
                plan.hypotheses(),
                Optional.of("run-7"),
                List.of("No past run tried a learning rate above 0.01."))));
  }

  @SuppressWarnings("FloatingPointLiteralPrecision") // Numbers with awkward texts.
  private static Hypothesis hypothesis(
      Arm baseline, List<Change> changes, Source source, Optional<String> duplicateOf) {
    Arm arm = baseline.with(changes);
    return new Hypothesis(
        "h-" + arm.configId(),
        source,
        changes.get(0) + " gains",
        "it did elsewhere",
        arm,
        changes,
        List.of("i-1", "t-2"),
        new Hypothesis.Forecast(0.002, 1.5E-7, 1.0 / 3, 0, 2_000),
        -1.25E22,
        new TreeMap<>(Map.of("gain", 0.1 + 0.2, "novelty", Double.NaN)),
        duplicateOf);
  }
}
