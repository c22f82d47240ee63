package dev.dormouse.eval.bench;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.StudyKey;
import dev.dormouse.training.TrainingBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A team's own study, with a known truth: a learning rate of 1e-3 with embeddings of 32 and the
 * other model gain {@link #GAIN} over the baseline together; three more parameters matter little.
 * High learning rates with wide embeddings diverge.
 */
final class PlantedStudy implements TrainingBackend {
  /** Gain of the planted arm over the baseline. */
  static final double GAIN = 0.006;

  /** Number of trainings before the confirmation. */
  static final int TRAININGS = 15;

  /** Standard deviation of a result over seeds. */
  static final double NOISE = 0.0007;

  private static final double START = 0.75;
  private static final double SMALL = 0.0004;
  private static final int BASELINE_SEEDS = 3;
  private static final int VALIDATED = 6;
  private static final int COMBINED = 2;
  private static final long UNLIMITED_MICROS = 1_000_000_000_000_000L;
  private static final StudyKey STUDY = new StudyKey("own", "own", "auc", StudyKey.VALIDATION);

  private static final String RATE = "learning_rate";
  private static final String EMBEDDING = "embedding_dim";
  private static final List<String> MODELS = List.of("DNN", "DCN");
  private static final Arm BASELINE =
      Arm.of(
          Map.of(
              Arm.MODEL,
              "DNN",
              RATE,
              "0.0001",
              EMBEDDING,
              "16",
              "dropout",
              "0.1",
              "batch_size",
              "4096",
              "l2",
              "1e-06"));

  /** What the team swept over; the campaign's space is wider. */
  private static final Map<String, List<String>> SWEPT =
      new TreeMap<>(
          Map.of(
              Arm.MODEL,
              MODELS,
              RATE,
              List.of("1e-05", "3e-05", "0.0001", "0.0003", "0.001", "0.003"),
              EMBEDDING,
              List.of("8", "16", "32", "64"),
              "dropout",
              List.of("0", "0.1", "0.2", "0.3"),
              "batch_size",
              List.of("1024", "4096", "8192"),
              "l2",
              List.of("1e-07", "1e-06", "1e-05")));

  private final long seed;
  private final double ofModel;
  private final double ofRate;
  private final double ofEmbedding;
  private final double ofTogether;
  private final double ofDropout;
  private final double ofBatch;
  private final double ofL2;

  /** Plants a study; the same seed gives the same. */
  static PlantedStudy of(long seed) {
    return new PlantedStudy(seed, 1);
  }

  /** Plants a study in which no arm differs from the baseline. */
  static PlantedStudy ofNothing(long seed) {
    return new PlantedStudy(seed, 0);
  }

  /** All effects are multiplied by {@code size}. */
  private PlantedStudy(long seed, double size) {
    this.seed = seed;
    Random random = new Random(seed);
    // At least a fifth of the gain comes from each of the three; a part only from all together.
    double model = 1 + random.nextDouble();
    double rate = 1 + random.nextDouble();
    double embedding = 1 + random.nextDouble();
    double together = random.nextDouble();
    double unit = size * GAIN / (model + rate + embedding + together);
    this.ofModel = unit * model;
    this.ofRate = unit * rate;
    this.ofEmbedding = unit * embedding;
    this.ofTogether = unit * together;
    this.ofDropout = size * SMALL * random.nextGaussian();
    this.ofBatch = size * SMALL * random.nextGaussian();
    this.ofL2 = size * SMALL * random.nextGaussian();
  }

  /** Returns the arm that is known to gain. */
  static Arm planted() {
    return BASELINE.with(Arm.MODEL, "DCN").with(RATE, "0.001").with(EMBEDDING, "32");
  }

  /** Returns a campaign on the study, with {@link #TRAININGS} before its confirmation. */
  CampaignSpec spec() {
    return new CampaignSpec(
        "own-" + seed,
        STUDY,
        new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
        BASELINE,
        SearchSpace.of(
            List.of(
                Parameter.ofChoices(Arm.MODEL, Parameter.Type.CATEGORICAL, MODELS),
                Parameter.ofRange(RATE, Parameter.Type.FLOAT, 1e-5, 1e-2, true),
                Parameter.ofChoices(EMBEDDING, Parameter.Type.INT, SWEPT.get(EMBEDDING)),
                Parameter.ofRange("dropout", Parameter.Type.FLOAT, 0, 0.5, false),
                Parameter.ofChoices("batch_size", Parameter.Type.INT, SWEPT.get("batch_size")),
                Parameter.ofRange("l2", Parameter.Type.FLOAT, 1e-8, 1e-4, true))),
        new CampaignSpec.Training("planted", "", Duration.ofHours(1), 0),
        new CampaignSpec.Budget(UNLIMITED_MICROS, 0, 2),
        new CampaignSpec.Guardrails("", List.of(), List.of()),
        new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.NEVER),
        Map.of(
            Phase.BASELINE, BASELINE_SEEDS,
            Phase.VALIDATION, VALIDATED,
            Phase.COMBINATION, COMBINED,
            Phase.EXPLOITATION, TRAININGS - BASELINE_SEEDS - VALIDATED - COMBINED,
            Phase.CONFIRMATION, 6));
  }

  /** Returns runs of the study: the baseline over some seeds, the planted arm, random arms. */
  List<Run> runs(int count) {
    Random random = new Random(seed + 1);
    List<Run> runs = new ArrayList<>();
    for (long s = 1; s <= BASELINE_SEEDS; s++) {
      runs.add(run(runs.size(), BASELINE, s));
    }
    while (runs.size() < count) {
      Arm arm = BASELINE;
      for (Map.Entry<String, List<String>> swept : SWEPT.entrySet()) {
        List<String> values = swept.getValue();
        arm = arm.with(swept.getKey(), values.get(random.nextInt(values.size())));
      }
      runs.add(run(runs.size(), runs.size() == count / 2 ? planted() : arm, 1));
    }
    return runs;
  }

  private Run run(int number, Arm arm, long trainingSeed) {
    boolean fails = fails(arm);
    return RunBuilder.builder()
        .runId("r" + number)
        .study(STUDY)
        .family("own")
        .arm(arm)
        .seed(OptionalLong.of(trainingSeed))
        .status(fails ? RunStatus.DIVERGED : RunStatus.OK)
        .metrics(fails ? new TreeMap<>() : metrics(arm, trainingSeed))
        .costGpuHours(OptionalDouble.of(0.1))
        .costSource(CostOrigin.MEASURED)
        .sweep(Optional.empty())
        .source("planted")
        .provenance("planted")
        .build();
  }

  /** Returns the true gain of an arm over the baseline. */
  double gain(Arm arm) {
    return value(arm) - value(BASELINE);
  }

  private double value(Arm arm) {
    double rate = Math.log10(number(arm, RATE)) + 3;
    double embedding = Math.log(number(arm, EMBEDDING) / 32) / Math.log(2);
    boolean other = arm.modelVariant().equals("DCN");
    return START
        - ofRate * rate * rate
        - ofEmbedding * embedding * embedding
        + (other ? ofModel : 0)
        + (other ? ofTogether * Math.exp(-2 * (rate * rate + embedding * embedding)) : 0)
        + ofDropout * (number(arm, "dropout") - 0.1) / 0.2
        + ofBatch * Math.log(number(arm, "batch_size") / 4096) / Math.log(4)
        + ofL2 * (Math.log10(number(arm, "l2")) + 6);
  }

  private static boolean fails(Arm arm) {
    return number(arm, RATE) >= 0.003 && number(arm, EMBEDDING) >= 64;
  }

  private static double number(Arm arm, String parameter) {
    return Double.parseDouble(arm.value(parameter).orElseThrow());
  }

  private SortedMap<String, Double> metrics(Arm arm, long trainingSeed) {
    SplittableRandom noise = new SplittableRandom(Objects.hash(seed, arm.configId(), trainingSeed));
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("auc", value(arm) + NOISE * noise.nextGaussian());
    metrics.put("test_auc", value(arm) + NOISE * noise.nextGaussian());
    return metrics;
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    return launch.key().runId();
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    Arm arm = attempt.trial().arm();
    boolean fails = fails(arm);
    return new Observation.Ended(
        attempt.key(),
        attempt.key().runId(),
        new RunOutcome(
            fails ? RunStatus.DIVERGED : RunStatus.OK,
            fails ? new TreeMap<>() : metrics(arm, attempt.trial().seed()),
            List.of(),
            Instant.EPOCH,
            Instant.EPOCH,
            0,
            "planted",
            ""));
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    // Every run that is observed has ended.
  }
}
