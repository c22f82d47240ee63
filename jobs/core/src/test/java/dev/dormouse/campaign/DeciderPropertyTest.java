package dev.dormouse.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Whatever backends report and people ask for, in whatever order: the invariants of the core. */
class DeciderPropertyTest {
  private static final List<String> KINDS = List.of("approve", "pause", "resume", "budget", "halt");
  private static final List<RunStatus> STATUSES = List.of(RunStatus.values());
  private static final int STEPS = 60;

  private final CampaignSpec spec = ExampleCampaign.spec();

  @Property(tries = 150)
  void budgetParallelismAndIdentityHoldInEveryHistory(
      @ForAll long seed, @ForAll @LongRange(min = 0, max = 600_000) long cap) {
    Random random = new Random(seed);
    World world = World.planned(spec);
    Set<TrialKey> settled = new HashSet<>();
    for (int step = 0; step < STEPS; step++) {
      List<Observation> observations = observations(world.state, random, world.now);
      List<InboxMessage> inbox = inbox(world, random, cap);
      Decision decision = world.decide(observations, inbox.toArray(new InboxMessage[0]));
      check(world, decision, observations, settled);
      world.now = world.now.plus(Duration.ofMinutes(random.nextInt(20)));
    }
  }

  private static void check(
      World world, Decision decision, List<Observation> observations, Set<TrialKey> settled) {
    CampaignState state = world.state;
    if (state.approval().isEmpty()) {
      assertThat(state.attempts()).isEmpty();
    } else {
      assertThat(state.settledMicros() + state.reservedMicros())
          .isLessThanOrEqualTo(state.approval().get().capMicros());
    }
    assertThat(state.open())
        .hasSizeLessThanOrEqualTo(state.spec().orElseThrow().budget().maxParallel());
    for (Command command : decision.commands()) {
      if (command instanceof Command.Launch launch) {
        assertThat(state.status()).isEqualTo(Status.RUNNING);
        assertThat(state.attempts().get(launch.key()).isOpen()).isTrue();
      }
    }
    for (CampaignEvent event : decision.events()) {
      if (event instanceof CampaignEvent.Settled done) {
        TrialKey key = new TrialKey(ExampleCampaign.ID, done.trialId(), done.attempt());
        assertThat(settled.add(key)).as("settled once").isTrue();
        assertThat(observations)
            .anyMatch(
                o ->
                    o.key().equals(key)
                        && (o instanceof Observation.Ended
                            || (done.outcome().rule().equals("vanished")
                                && o instanceof Observation.NotFound)));
      }
    }
  }

  private static List<Observation> observations(CampaignState state, Random random, Instant now) {
    List<Observation> observations = new ArrayList<>();
    for (Attempt attempt : state.open()) {
      TrialKey key = attempt.key();
      switch (random.nextInt(6)) {
        case 0 -> observations.add(new Observation.NotFound(key, now));
        case 1 -> observations.add(new Observation.Unknown(key, "no answer"));
        case 2 -> observations.add(new Observation.Running(key, "x", List.of()));
        case 3 -> observations.add(new Observation.AbortedLate(key));
        default -> observations.add(new Observation.Ended(key, "x", outcome(attempt, random)));
      }
    }
    return observations;
  }

  private static RunOutcome outcome(Attempt attempt, Random random) {
    RunStatus status =
        random.nextInt(3) > 0 ? RunStatus.OK : STATUSES.get(random.nextInt(STATUSES.size()));
    Map<String, Double> metrics =
        status == RunStatus.OK ? Map.of("auc", World.auc(attempt.trial())) : Map.of();
    return World.outcome(status, metrics, random.nextInt(40_000));
  }

  private static List<InboxMessage> inbox(World world, Random random, long cap) {
    if (random.nextInt(3) > 0) {
      return List.of();
    }
    // Halting ends everything, so it is rare.
    int kinds = random.nextInt(10) == 0 ? KINDS.size() : KINDS.size() - 1;
    String planHash = random.nextInt(4) == 0 ? "stale" : world.planHash();
    return List.of(
        world.message(KINDS.get(random.nextInt(kinds)), planHash, random.nextLong(cap + 1)));
  }
}
