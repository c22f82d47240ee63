package dev.dormouse.eval.replay;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.Decision;
import dev.dormouse.campaign.Observation;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.training.TrainingBackend;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Plays a whole campaign in memory with the decisions of a real one, without waiting. */
public final class Playthrough {
  private static final String BY = "replay";

  private Playthrough() {}

  /**
   * Plays an approved campaign to its end.
   *
   * @param forecasts the forecasts that travel with the plan; empty if it has none
   * @param goesOn receives every event with the state after it; if false, the campaign is left
   * @return the last state
   */
  public static CampaignState play(
      CampaignSpec spec,
      Plan plan,
      Optional<ArmForecasts> forecasts,
      TrainingBackend backend,
      BiPredicate<CampaignState, CampaignEvent> goesOn) {
    CampaignState state = CampaignState.unknown(spec.campaignId());
    state = folded(state, new CampaignEvent.Created(spec, BY, Decider.RULES));
    state = folded(state, CampaignEvent.Planned.of(plan));
    state = folded(state, new CampaignEvent.Approved(plan.hash(), plan.capMicros(), BY, BY));
    boolean goingOn = true;
    while (goingOn && !state.isOver()) {
      List<Observation> observations =
          state.open().stream().map(attempt -> backend.observe(spec, attempt)).toList();
      Decision decision =
          Decider.decide(state, any -> forecasts, observations, List.of(), Instant.EPOCH);
      for (CampaignEvent event : decision.events()) {
        state = folded(state, event);
        goingOn &= goesOn.test(state, event);
      }
      for (Command command : decision.commands()) {
        carryOut(command, spec, backend);
      }
    }
    return state;
  }

  private static void carryOut(Command command, CampaignSpec spec, TrainingBackend backend) {
    command
        .<Runnable>map(
            launch -> () -> backend.launch(spec, launch), stop -> () -> backend.stop(spec, stop))
        .run();
  }

  private static CampaignState folded(CampaignState state, CampaignEvent event) {
    return CampaignFold.apply(state, state.lastSeq() + 1, Instant.EPOCH, event);
  }
}
