package dev.dormouse.campaign;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A small campaign for tests, and its plan. */
public final class ExampleCampaign {
  public static final String ID = "example";
  public static final Arm BASELINE =
      Arm.of(
          Map.of(
              "model", "dnn", "learning_rate", "0.001", "embedding_dim", "16", "batch_size", "64"));

  private ExampleCampaign() {}

  /** A campaign of 2 baseline runs, 3 hypotheses, 1 combination, 2 searches and 6 seed pairs. */
  public static CampaignSpec spec() {
    return spec("true", ".", trials(2, 3, 1, 2, 6));
  }

  public static CampaignSpec spec(String command, String directory, Map<Phase, Integer> trials) {
    return new CampaignSpec(
        ID,
        new StudyKey("clicks", "v1", "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
        BASELINE,
        SearchSpace.of(
            List.of(
                Parameter.ofRange("learning_rate", Parameter.Type.FLOAT, 1e-4, 0.1, true),
                Parameter.ofChoices(
                    "embedding_dim", Parameter.Type.INT, List.of("8", "16", "32", "64")),
                Parameter.ofChoices(
                    "batch_size", Parameter.Type.INT, List.of("64", "1024", "4096")))),
        new CampaignSpec.Training("local", command, Duration.ofMinutes(1), 0),
        new CampaignSpec.Budget(2_000_000, 0, 4),
        new CampaignSpec.Guardrails(directory, List.of(), List.of()),
        new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.NEVER),
        trials);
  }

  public static Map<Phase, Integer> trials(
      int baseline, int validation, int combination, int exploitation, int confirmation) {
    return Map.of(
        Phase.BASELINE, baseline,
        Phase.VALIDATION, validation,
        Phase.COMBINATION, combination,
        Phase.EXPLOITATION, exploitation,
        Phase.CONFIRMATION, confirmation);
  }

  /** Three hypotheses: a wider embedding, a step size that diverges, a batch that needs memory. */
  public static Plan plan(CampaignSpec spec) {
    List<Hypothesis> hypotheses =
        Stream.of(
                new Change("embedding_dim", "16", "32"),
                new Change("learning_rate", "0.001", "0.1"),
                new Change("batch_size", "64", "4096"))
            .map(ExampleCampaign::hypothesis)
            .toList();
    return new Plan(
        spec.campaignId(),
        List.of(),
        hypotheses,
        new CostEstimate(1_000, 2_000, 5_000, "a guess"),
        spec.budget().gpuHoursMicros(),
        List.of(),
        List.of());
  }

  /** The same plan, resting on these forecasts. */
  public static Plan plan(CampaignSpec spec, ArmForecasts forecasts) {
    Plan plan = plan(spec);
    return new Plan(
        plan.campaignId(),
        plan.phases(),
        plan.hypotheses(),
        plan.cost(),
        plan.capMicros(),
        plan.stopRules(),
        plan.notTried(),
        Optional.of(new Plan.Basis(forecasts.hash(), 0.0005, List.of())));
  }

  private static Hypothesis hypothesis(Change change) {
    Arm arm = BASELINE.with(List.of(change));
    return new Hypothesis(
        "h-" + arm.configId(),
        Source.HISTORY,
        change + " gains",
        "it did elsewhere",
        arm,
        List.of(change),
        List.of("i-1"),
        new Hypothesis.Forecast(0.002, 0.001, 0.8, 0.1, 2_000),
        1,
        new TreeMap<>(Map.of("gain", 0.002)),
        Optional.empty());
  }
}
