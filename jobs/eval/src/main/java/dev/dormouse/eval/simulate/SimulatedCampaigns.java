package dev.dormouse.eval.simulate;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Generates small campaigns of various shapes, and their plans. */
final class SimulatedCampaigns {
  private static final Arm BASELINE =
      Arm.of(
          Map.of(
              "model", "dnn", "learning_rate", "0.001", "embedding_dim", "16", "batch_size", "64"));
  private static final SearchSpace SPACE =
      SearchSpace.of(
          List.of(
              Parameter.ofRange("learning_rate", Parameter.Type.FLOAT, 1e-4, 0.1, true),
              Parameter.ofChoices(
                  "embedding_dim", Parameter.Type.INT, List.of("8", "16", "32", "64")),
              Parameter.ofChoices(
                  "batch_size", Parameter.Type.INT, List.of("64", "1024", "4096"))));
  private static final List<Change> CHANGES =
      List.of(
          new Change("embedding_dim", "16", "32"),
          new Change("learning_rate", "0.001", "0.01"),
          new Change("batch_size", "64", "4096"));

  /** An arm that the study tried before. */
  private static final Arm KNOWN =
      BASELINE.with("embedding_dim", "64").with("learning_rate", "0.003");

  private static final double GAIN_SD = 0.002;

  private SimulatedCampaigns() {}

  static CampaignSpec spec(String id, Random random) {
    return new CampaignSpec(
        id,
        new StudyKey("clicks", "v1", "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
        BASELINE,
        SPACE,
        new CampaignSpec.Training(
            "local", "train {config_file}", Duration.ofMinutes(20 + random.nextInt(160)), 1),
        new CampaignSpec.Budget(0, 0, 1 + random.nextInt(4)),
        new CampaignSpec.Guardrails(".", List.of(), List.of()),
        new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.NEVER),
        Map.of(
            Phase.BASELINE, random.nextInt(3),
            Phase.VALIDATION, random.nextInt(4),
            Phase.COMBINATION, random.nextInt(2),
            Phase.EXPLOITATION, random.nextInt(8) == 0 ? 1 : 0,
            Phase.CONFIRMATION, random.nextInt(3)));
  }

  /** Returns forecasts that differ from campaign to campaign, so that they decide what it tries. */
  static ArmForecasts forecasts(Random random) {
    List<ArmForecast> arms = new ArrayList<>();
    for (String rate : List.of("0.0003", "0.01", "0.03")) {
      for (String size : List.of("64", "1024")) {
        arms.add(
            new ArmForecast(
                BASELINE.with("learning_rate", rate).with("batch_size", size),
                GAIN_SD * random.nextGaussian(),
                0.05,
                1_000 + random.nextInt(2_000)));
      }
    }
    double gain = GAIN_SD * random.nextGaussian();
    return new ArmForecasts(
        0.5, GAIN_SD, arms, List.of(new KnownArm(KNOWN, gain, GAIN_SD / 4, 2, "r1")));
  }

  /**
   * Returns a plan whose budget is sometimes too small.
   *
   * @param forecasts what it rests on; empty for a plan as older versions made it
   */
  static Plan plan(CampaignSpec spec, Optional<ArmForecasts> forecasts, Random random) {
    List<Hypothesis> hypotheses = CHANGES.stream().map(SimulatedCampaigns::hypothesis).toList();
    return new Plan(
        spec.campaignId(),
        List.of(),
        hypotheses,
        new CostEstimate(1_000, 2_000, 5_000, "a guess"),
        spec.training().worstCaseMicros() * (1 + random.nextInt(16)),
        List.of("plan " + random.nextInt(1000)),
        List.of(),
        forecasts.map(SimulatedCampaigns::basis));
  }

  private static Plan.Basis basis(ArmForecasts forecasts) {
    return new Plan.Basis(
        forecasts.hash(),
        GAIN_SD / 10,
        forecasts.known().stream()
            .filter(known -> known.gain() > 0)
            .map(known -> hypothesis(known.arm()))
            .toList());
  }

  private static Hypothesis hypothesis(Change change) {
    return hypothesis(BASELINE.with(List.of(change)));
  }

  private static Hypothesis hypothesis(Arm arm) {
    List<Change> changes = arm.changesFrom(BASELINE);
    return new Hypothesis(
        "h-" + arm.configId(),
        Source.HISTORY,
        changes.get(0) + " gains",
        "it did elsewhere",
        arm,
        changes,
        List.of("i-1"),
        new Hypothesis.Forecast(0.002, 0.001, 0.8, 0.1, 2_000),
        1,
        new TreeMap<>(Map.of("gain", 0.002)),
        Optional.empty());
  }
}
