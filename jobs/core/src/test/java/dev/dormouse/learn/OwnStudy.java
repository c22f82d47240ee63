package dev.dormouse.learn;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.plan.Planner;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.Campaigns;
import dev.dormouse.tick.Inbox;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import dev.dormouse.training.TrainingBackend;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Campaigns on one study whose truth is known: real plans, real ticks, planted trainings. A wider
 * embedding gains up to 32, a higher learning rate up to 0.01; from 0.02 on trainings diverge.
 */
final class OwnStudy implements TrainingBackend {
  static final double NOISE = 0.0003;
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  final SparkLake lake;
  private final Ticker ticker;

  OwnStudy(SparkLake lake) {
    this.lake = lake;
    this.ticker =
        new Ticker(TickServices.of(lake.kernel(), this, Optional.empty(), Clock.systemUTC()));
  }

  static CampaignSpec spec(String id) {
    return spec(id, 4);
  }

  static CampaignSpec spec(String id, int validation) {
    CampaignSpec example = ExampleCampaign.spec();
    return new CampaignSpec(
        id,
        example.study(),
        example.objective(),
        example.baseline(),
        example.searchSpace(),
        example.training(),
        example.budget(),
        example.guardrails(),
        new CampaignSpec.Sources(true, false, CampaignSpec.LlmUse.NEVER),
        ExampleCampaign.trials(3, validation, 1, 3, 6));
  }

  /** Creates and plans a campaign; it then waits for approval. */
  Plan plan(String id) {
    CampaignSpec spec = spec(id);
    Campaigns.create(lake.kernel(), spec, "ann", NOW);
    Plan plan = Planner.plan(lake, spec, Optional.empty(), NOW, Optional.empty());
    Campaigns.planned(lake.kernel(), id, plan, NOW);
    return plan;
  }

  /** Approves the newest plan of a campaign, and ticks until the campaign ends. */
  CampaignState play(String id) {
    approve(id, state(id).planHash().orElseThrow());
    for (int i = 0; i < 60 && !state(id).isOver(); i++) {
      ticker.tick();
    }
    return state(id);
  }

  void tick() {
    ticker.tick();
  }

  void approve(String id, String planHash) {
    Inbox.send(
        lake.kernel(),
        new InboxMessage.Approve(
            new InboxMessage.Header("m-" + id + planHash, id, "ann", NOW, "cli", ""),
            planHash,
            OptionalLong.empty()));
  }

  CampaignState state(String id) {
    return CampaignLog.read(lake.kernel()).state(id).orElseThrow();
  }

  /** Returns the arms that a campaign trained in its search, and how they ended. */
  static Map<Arm, RunStatus> searched(CampaignState state) {
    return state.attempts().values().stream()
        .filter(attempt -> attempt.trial().phase() != Phase.BASELINE)
        .filter(attempt -> attempt.trial().phase() != Phase.CONFIRMATION)
        .collect(
            Collectors.toMap(
                attempt -> attempt.trial().arm(),
                attempt -> attempt.outcome().orElseThrow().status(),
                (a, b) -> b));
  }

  static Set<Long> confirmationSeeds(CampaignState state) {
    return state.of(Phase.CONFIRMATION).stream()
        .map(attempt -> attempt.trial().seed())
        .collect(Collectors.toSet());
  }

  static double truth(Arm arm) {
    double rate = Math.log10(number(arm, "learning_rate"));
    double width = Math.log(number(arm, "embedding_dim")) / Math.log(2);
    return 0.7 - 0.002 * (rate + 2) * (rate + 2) - 0.001 * (width - 5) * (width - 5);
  }

  static boolean fails(Arm arm) {
    return number(arm, "learning_rate") >= 0.02;
  }

  private static double number(Arm arm, String parameter) {
    return Double.parseDouble(arm.value(parameter).orElseThrow());
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    return launch.key().runId();
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    Arm arm = attempt.trial().arm();
    SplittableRandom noise =
        new SplittableRandom(31L * arm.configId().hashCode() + attempt.trial().seed());
    Map<String, Double> metrics =
        Map.of(
            "auc", truth(arm) + NOISE * noise.nextGaussian(),
            "test_auc", truth(arm) + NOISE * noise.nextGaussian());
    return new Observation.Ended(
        attempt.key(),
        attempt.key().runId(),
        new RunOutcome(
            fails(arm) ? RunStatus.DIVERGED : RunStatus.OK,
            fails(arm) ? new TreeMap<>() : new TreeMap<>(metrics),
            List.of(),
            NOW,
            NOW.plusSeconds(10),
            1_000,
            "planted",
            ""));
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    // Every run that is observed has ended.
  }
}
