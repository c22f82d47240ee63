package dev.dormouse.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HindrancesTest {
  private static final TrialKey A = new TrialKey(ExampleCampaign.ID, "a", 1);
  private static final TrialKey B = new TrialKey(ExampleCampaign.ID, "b", 1);

  private final World world = World.approved(ExampleCampaign.spec(), 0);

  private Optional<CampaignEvent.Hindered> change(List<String> launches, Observation... seen) {
    Optional<CampaignEvent.Hindered> change =
        Hindrances.change(world.state, List.of(seen), launches);
    change.ifPresent(world::happens);
    return change;
  }

  @Test
  void tellsWhatStandsInTheWayOnceAndWhenItIsOver() {
    Observation unknown = new Observation.Unknown(A, "no answer");
    assertThat(change(List.of(), unknown)).contains(new CampaignEvent.Hindered("no answer"));
    assertThat(change(List.of(), unknown, new Observation.Unknown(B, "no answer"))).isEmpty();
    assertThat(change(List.of("no machine"), unknown))
        .contains(new CampaignEvent.Hindered("no answer; no machine"));
    assertThat(change(List.of(), new Observation.Queued(A, "x", Optional.of("it is paused"))))
        .contains(new CampaignEvent.Hindered("it is paused"));
    assertThat(change(List.of(), new Observation.Queued(A, "x", Optional.empty())))
        .contains(new CampaignEvent.Hindered(""));
    assertThat(change(List.of(), new Observation.Running(A, "x", List.of()))).isEmpty();
    assertThat(world.state.hindrance()).isEmpty();
  }

  @Test
  void keepsNoSecretsAndNoNovels() {
    change(List.of("password=hunter2 " + "x".repeat(2_000)));
    assertThat(world.state.hindrance()).doesNotContain("hunter2").hasSizeLessThan(600);
  }
}
