package dev.dormouse.eval.bench;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import dev.dormouse.training.TrainingBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A campaign whose truth is known: eight changes, of which four gain, two lose and two have no
 * effect; among the pairs of gains two with a positive and two with a negative synergy; and the
 * seed noise. In a null campaign no change has an effect.
 */
final class PlantedCampaign implements TrainingBackend {
  /** Standard deviation of a result over seeds. */
  static final double NOISE = 0.0005;

  private static final double START = 0.75;
  private static final int GAINS = 4;
  private static final int LOSSES = 2;
  private static final int NOTHING = 2;
  private static final int PAIRS_OF_A_KIND = 2;
  private static final double SYNERGY = 0.002;
  private static final long UNLIMITED_MICROS = 1_000_000_000_000_000L;

  private final long seed;
  private final Map<String, Double> effects = new TreeMap<>();
  private final Map<Set<String>, Double> synergies = new LinkedHashMap<>();

  private PlantedCampaign(long seed) {
    this.seed = seed;
  }

  /** Plants gains, losses, synergies and antagonisms. */
  static PlantedCampaign of(long seed) {
    PlantedCampaign campaign = new PlantedCampaign(seed);
    Random random = new Random(seed);
    List<String> gains = new ArrayList<>();
    for (int i = 0; i < GAINS + LOSSES + NOTHING; i++) {
      String name = "change" + i;
      double size = 0.0015 + 0.0015 * random.nextDouble();
      campaign.effects.put(name, i < GAINS ? size : i < GAINS + LOSSES ? -size : 0);
      if (i < GAINS) {
        gains.add(name);
      }
    }
    List<Set<String>> pairs = new ArrayList<>();
    for (int i = 0; i < gains.size(); i++) {
      for (int j = i + 1; j < gains.size(); j++) {
        pairs.add(Set.of(gains.get(i), gains.get(j)));
      }
    }
    Collections.shuffle(pairs, random);
    for (int i = 0; i < PAIRS_OF_A_KIND; i++) {
      campaign.synergies.put(pairs.get(2 * i), SYNERGY);
      campaign.synergies.put(pairs.get(2 * i + 1), -SYNERGY);
    }
    return campaign;
  }

  /** Plants a campaign in which no change has an effect. */
  static PlantedCampaign ofNulls(long seed) {
    PlantedCampaign campaign = of(seed);
    campaign.effects.replaceAll((name, effect) -> 0.0);
    campaign.synergies.clear();
    return campaign;
  }

  /** Returns pairs of changes with their gain beyond the sum of both. */
  Map<Set<String>, Double> synergies() {
    return Collections.unmodifiableMap(synergies);
  }

  /** Returns its specification; any gain above 0 counts. */
  CampaignSpec spec() {
    return new CampaignSpec(
        "planted-" + seed,
        new StudyKey("planted", "planted", "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, 0),
        baseline(),
        SearchSpace.of(
            effects.keySet().stream()
                .map(
                    name ->
                        Parameter.ofChoices(name, Parameter.Type.CATEGORICAL, List.of("off", "on")))
                .toList()),
        new CampaignSpec.Training("planted", "", Duration.ofHours(1), 0),
        new CampaignSpec.Budget(UNLIMITED_MICROS, 0, 4),
        new CampaignSpec.Guardrails("", List.of(), List.of()),
        new CampaignSpec.Sources(true, false, CampaignSpec.LlmUse.NEVER),
        Map.of(
            Phase.BASELINE, 3,
            Phase.VALIDATION, effects.size(),
            Phase.COMBINATION, 8,
            Phase.EXPLOITATION, 4,
            Phase.CONFIRMATION, 6));
  }

  /** Returns a plan with one hypothesis per change, all with the same forecast. */
  Plan plan() {
    List<Hypothesis> hypotheses = effects.keySet().stream().map(this::hypothesis).toList();
    return new Plan(
        spec().campaignId(),
        List.of(),
        hypotheses,
        new Plan.CostEstimate(0, 0, 0, "planted"),
        UNLIMITED_MICROS,
        List.of(),
        List.of());
  }

  private Hypothesis hypothesis(String name) {
    Change change = new Change(name, "off", "on");
    return new Hypothesis(
        "h-" + name,
        Source.HISTORY,
        name + " helps",
        "planted",
        baseline().with(List.of(change)),
        List.of(change),
        List.of(),
        new Hypothesis.Forecast(0.001, 0.002, 0.5, 0, 0),
        0,
        new TreeMap<>(),
        Optional.empty());
  }

  /** Returns the arm with every change off. */
  Arm baseline() {
    Map<String, String> off = new TreeMap<>();
    effects.keySet().forEach(name -> off.put(name, "off"));
    return Arm.of(off);
  }

  private double truth(Arm arm) {
    double value = START;
    for (Map.Entry<String, Double> effect : effects.entrySet()) {
      value += isOn(arm, effect.getKey()) ? effect.getValue() : 0;
    }
    for (Map.Entry<Set<String>, Double> synergy : synergies.entrySet()) {
      value += synergy.getKey().stream().allMatch(name -> isOn(arm, name)) ? synergy.getValue() : 0;
    }
    return value;
  }

  private static boolean isOn(Arm arm, String name) {
    return arm.value(name).filter("on"::equals).isPresent();
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    return launch.key().runId();
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    Arm arm = attempt.trial().arm();
    SplittableRandom noise =
        new SplittableRandom(Objects.hash(seed, arm.configId(), attempt.trial().seed()));
    TreeMap<String, Double> metrics = new TreeMap<>();
    metrics.put("auc", truth(arm) + NOISE * noise.nextGaussian());
    metrics.put("test_auc", truth(arm) + NOISE * noise.nextGaussian());
    return new Observation.Ended(
        attempt.key(),
        attempt.key().runId(),
        new RunOutcome(
            RunStatus.OK, metrics, List.of(), Instant.EPOCH, Instant.EPOCH, 0, "planted", ""));
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    // Every run that is observed has ended.
  }
}
