package dev.dormouse.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboxItemsTest {
  private final SampleCampaign sample = SampleCampaign.finished();

  @Test
  void nothingIsPendingOnceAllIsAcknowledgedAtAnyPointOfACampaign() {
    for (int events = 1; events <= sample.events().size(); events++) {
      CampaignState state = sample.stateAfter(events);
      CampaignState acked =
          SampleCampaign.acked(state, OutboxItems.of(state).stream().map(OutboxItem::key).toList());
      assertThat(OutboxItems.pending(acked)).as("after %d events", events).isEmpty();
    }
  }

  @Test
  void aNewPlanOnlyAddsItselfAndTheChangedCampaign() {
    CampaignState created = sample.stateAfter(1);
    CampaignState planned = sample.stateAfter(2);
    List<String> before = keys(OutboxItems.of(created));

    assertThat(before).hasSize(1).allMatch(key -> key.startsWith("campaign:ctr-q3@"));
    assertThat(keys(OutboxItems.of(planned)))
        .contains("plan:" + planned.plan().orElseThrow().hash())
        .doesNotContainAnyElementsOf(before);
  }

  @Test
  void everyFinishedRunIsShownOnceUnderItsPhase() {
    List<OutboxItem> items = OutboxItems.of(sample.state());
    List<String> runKeys =
        items.stream().map(OutboxItem::runKey).filter(key -> key.startsWith("trial:")).toList();
    assertThat(runKeys)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            sample.state().attempts().keySet().stream()
                .map(key -> "trial:" + key.runId())
                .toList());
    List<String> known = new ArrayList<>();
    for (OutboxItem item : items) {
      item.parentKey().ifPresent(parent -> assertThat(known).contains(parent));
      known.add(item.runKey());
    }
  }

  @Test
  void aFailedRunTellsItsClassAndWhatWasDone() {
    OutboxItem failed =
        OutboxItems.of(sample.state()).stream()
            .filter(item -> "diverged".equals(item.tags().get("dormouse.failure")))
            .findFirst()
            .orElseThrow();
    assertThat(failed.status()).isEqualTo(OutboxItem.Status.FAILED);
    assertThat(failed.tags())
        .containsEntry("dormouse.failure.detail", "loss is nan at step 240")
        .containsEntry(
            "dormouse.diagnosis",
            "its loss became infinite or not a number (rule loss-not-finite): amend");
    assertThat(failed.params()).containsEntry("seed", "1").containsEntry("learning_rate", "0.1");
  }

  @Test
  void aRunShowsItsCurveItsSeedAndItsForecast() {
    Attempt attempt =
        sample.state().attempts().values().stream()
            .filter(a -> a.trial().predictedGain().equals(Optional.of(0.0038)))
            .findFirst()
            .orElseThrow();
    OutboxItem item = TrialItem.of(sample.state(), attempt);
    double auc = attempt.outcome().orElseThrow().metrics().get("auc");
    assertThat(item.metrics().stream().filter(p -> p.metric().equals("auc")))
        .extracting(OutboxItem.Point::step, OutboxItem.Point::value)
        .endsWith(tuple(3L, auc))
        .hasSize(3);
    assertThat(item.metrics())
        .anySatisfy(
            point -> {
              assertThat(point.metric()).isEqualTo("predicted_gain");
              assertThat(point.value()).isEqualTo(0.0038);
            });
    assertThat(item.tags())
        .containsEntry("dormouse.source", "history")
        .containsEntry("dormouse.hypothesis", "Setting learning_rate to 0.003 raises auc");
  }

  @Test
  void theCampaignsCurvesHaveOneStepForEachFinishedRun() {
    OutboxItem campaign = OutboxItems.of(sample.state()).get(0);
    long finished =
        sample.state().attempts().values().stream().filter(a -> a.outcome().isPresent()).count();
    assertThat(campaign.metrics().stream().filter(p -> p.metric().equals("gpu_hours_spent")))
        .hasSize((int) finished)
        .isSortedAccordingTo(Comparator.comparing(OutboxItem.Point::value));
    assertThat(campaign.metrics().stream().map(OutboxItem.Point::metric))
        .contains("best", "lift_over_baseline", "trials_done", "confirmed_gain");
  }

  @Test
  void aStepOfACurveOnceShownNeverChanges() {
    List<OutboxItem.Point> shown = List.of();
    CampaignState state = sample.stateAfter(1);
    List<String> acked = new ArrayList<>();
    for (int events = 2; events < sample.events().size(); events++) {
      acked.addAll(keys(OutboxItems.pending(state)));
      state = SampleCampaign.acked(sample.stateAfter(events), acked);
      List<OutboxItem.Point> now = OutboxItems.of(state).get(0).metrics();
      assertThat(now.subList(0, shown.size())).isEqualTo(shown);
      shown = now;
    }
    assertThat(shown).isNotEmpty();
  }

  private static List<String> keys(List<OutboxItem> items) {
    return items.stream().map(OutboxItem::key).toList();
  }
}
