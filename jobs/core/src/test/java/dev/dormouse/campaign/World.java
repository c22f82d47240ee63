package dev.dormouse.campaign;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** Plays a campaign without a shell: folds what is decided, and lets time pass. */
final class World {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final List<CampaignEvent> events = new ArrayList<>();
  CampaignState state = CampaignState.unknown(ExampleCampaign.ID);
  Instant now = START;
  Function<Plan, Optional<ArmForecasts>> forecasts = plan -> Optional.empty();
  private int messages;

  /** A campaign whose plan waits for approval. */
  static World planned(CampaignSpec spec) {
    return planned(spec, ExampleCampaign.plan(spec), Decider.RULES);
  }

  /** A campaign that began with a version of the rules, and whose plan waits for approval. */
  static World planned(CampaignSpec spec, Plan plan, int rules) {
    World world = new World();
    world.happens(new CampaignEvent.Created(spec, "ann", rules));
    world.happens(CampaignEvent.Planned.of(plan));
    return world;
  }

  /** A campaign that was approved with this cap (0: the plan's) and has launched its first runs. */
  static World approved(CampaignSpec spec, long capMicros) {
    World world = planned(spec);
    world.decide(List.of(), world.message("approve", world.planHash(), capMicros));
    return world;
  }

  String planHash() {
    return state.planHash().orElseThrow();
  }

  void happens(CampaignEvent event) {
    state = CampaignFold.apply(state, state.lastSeq() + 1, now, event);
    events.add(event);
  }

  InboxMessage message(String kind, String planHash, long capMicros) {
    messages++;
    InboxMessage.Header header =
        new InboxMessage.Header("m" + messages, ExampleCampaign.ID, "ann", now, "cli", "");
    OptionalLong cap = capMicros > 0 ? OptionalLong.of(capMicros) : OptionalLong.empty();
    return switch (kind) {
      case "approve" -> new InboxMessage.Approve(header, planHash, cap);
      case "approve_smaller" -> new InboxMessage.ApproveSmaller(header, planHash, cap);
      case "reject" -> new InboxMessage.Reject(header, planHash);
      case "pause" -> new InboxMessage.Pause(header);
      case "resume" -> new InboxMessage.Resume(header);
      case "halt" -> new InboxMessage.Halt(header);
      case "budget" -> new InboxMessage.SetBudget(header, capMicros);
      default -> new InboxMessage.Unknown(header, kind);
    };
  }

  Decision decide(List<Observation> observations, InboxMessage... inbox) {
    Decision decision = Decider.decide(state, forecasts, observations, List.of(inbox), now);
    decision.events().forEach(this::happens);
    now = now.plus(Duration.ofSeconds(60));
    return decision;
  }

  /** Every open run ends as told by its trial; then the next decision. */
  Decision allEnd(Function<TrialSpec, RunOutcome> outcomes) {
    List<Observation> observations = new ArrayList<>();
    for (Attempt attempt : state.open()) {
      observations.add(new Observation.Ended(attempt.key(), "x", outcomes.apply(attempt.trial())));
    }
    return decide(observations);
  }

  /** Ends all runs until the campaign does. */
  void play(Function<TrialSpec, RunOutcome> outcomes) {
    for (int i = 0; i < 200 && !state.isOver(); i++) {
      allEnd(outcomes);
    }
  }

  static RunOutcome ok(double auc) {
    Map<String, Double> metrics = Map.of("auc", auc, "test_auc", auc - 0.01);
    return outcome(RunStatus.OK, metrics, 2_000);
  }

  static RunOutcome failed(RunStatus status) {
    return outcome(status, Map.of(), 1_000);
  }

  static RunOutcome outcome(RunStatus status, Map<String, Double> metrics, long costMicros) {
    return new RunOutcome(
        status,
        new TreeMap<>(metrics),
        List.of(new MetricPoint("auc", 1, 0.6)),
        START,
        START.plusSeconds(7),
        costMicros,
        "a-rule",
        "");
  }

  /** AUC of an arm: a wider embedding helps, seeds wiggle. */
  static double auc(TrialSpec trial) {
    Arm arm = trial.arm();
    long dim = Long.parseLong(arm.value("embedding_dim").orElseThrow());
    double wiggle = Math.floorMod(trial.seed() * 7919 + dim * 31, 13) * 1e-5;
    return 0.7 + dim / 10_000.0 + wiggle;
  }
}
