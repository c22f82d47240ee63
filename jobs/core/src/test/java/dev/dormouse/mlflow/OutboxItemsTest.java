package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.report.SampleCampaign;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Productivity;
import java.net.URI;
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
      CampaignState acked = SampleCampaign.acked(state, keys(items(state)));
      assertThat(OutboxItems.pending(acked, Links.NONE)).as("after %d events", events).isEmpty();
    }
  }

  @Test
  void aNewPlanOnlyAddsItselfAndTheChangedCampaign() {
    CampaignState created = sample.stateAfter(1);
    CampaignState planned = sample.stateAfter(2);
    List<String> before = keys(items(created));

    assertThat(before).hasSize(3);
    assertThat(before.get(0)).startsWith("experiment:ctr-q3@");
    assertThat(before.get(1)).startsWith("campaign:ctr-q3@");
    assertThat(before.get(2)).startsWith("view:ctr-q3@");
    assertThat(keys(items(planned)))
        .contains(before.get(0), "plan:" + planned.planHash().orElseThrow())
        .doesNotContain(before.get(1));
  }

  /** Else all that older versions published would be published again. */
  @Test
  void itemsHaveTheKeysThatOlderVersionsGaveThem() {
    String recorded = "63c6b0378c773c2b";
    CampaignFold fold = new CampaignFold(CampaignState.unknown("ctr-q3"));
    for (LoggedEvent logged : sample.events()) {
      CampaignEvent event = logged.event();
      if (event instanceof CampaignEvent.Planned planned) {
        event = new CampaignEvent.Planned(recorded, planned.plan());
      } else if (event instanceof CampaignEvent.Approved approved) {
        event =
            new CampaignEvent.Approved(
                recorded, approved.capMicros(), approved.by(), approved.channel());
      }
      fold.add(logged.seq(), logged.at(), event);
    }
    assertThat(keys(items(fold.state())))
        .startsWith(
            "experiment:ctr-q3@10e0dc2c879f",
            "campaign:ctr-q3@f575e0ffe068",
            "plan:63c6b0378c773c2b",
            "curves:ctr-q3:1-36",
            "phase:ctr-q3:baseline@918cd9bd7e0f",
            "phase:ctr-q3:validation@2649bc3bbd31",
            "phase:ctr-q3:combination@f7211054562d",
            "phase:ctr-q3:exploitation@f793eb119795",
            "phase:ctr-q3:confirmation@4c42b27d4cfe",
            "view:ctr-q3@1d8811d0e907",
            "trial:ctr-q3.b-6b9c9eee4106-s1.1:settled")
        .endsWith("report:ctr-q3:finished:36", "model:ctr-q3:6301d9c50eaf");
  }

  @Test
  void everyFinishedRunIsShownOnceUnderItsPhase() {
    List<String> runKeys =
        runs(sample.state()).stream()
            .map(RunItem::runKey)
            .filter(key -> key.startsWith("trial:"))
            .toList();
    assertThat(runKeys)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            sample.state().attempts().keySet().stream()
                .map(key -> "trial:" + key.runId())
                .toList());
    List<String> known = new ArrayList<>();
    for (RunItem item : runs(sample.state())) {
      item.parentKey().ifPresent(parent -> assertThat(known).contains(parent));
      known.add(item.runKey());
    }
  }

  @Test
  void theExperimentTellsGoalAndPrimaryMetric() {
    ExperimentItem experiment = (ExperimentItem) items(sample.state()).get(0);
    assertThat(experiment.tags())
        .containsEntry("mlflow.experiment.primaryMetric.name", "auc")
        .containsEntry("mlflow.experiment.primaryMetric.greaterIsBetter", "True");
    assertThat(experiment.tags().get("mlflow.note.content")).startsWith("## Goal: raise auc on ");
  }

  @Test
  void aFailedRunTellsItsClassAndWhatWasDone() {
    RunItem failed =
        runs(sample.state()).stream()
            .filter(item -> "diverged".equals(item.tags().get("dormouse.failure")))
            .findFirst()
            .orElseThrow();
    assertThat(failed.status()).isEqualTo(RunItem.Status.FAILED);
    assertThat(failed.tags())
        .containsEntry("dormouse.failure.detail", "loss is nan at step 240")
        .containsEntry(
            "dormouse.diagnosis",
            "its loss became infinite or not a number (rule loss-not-finite): amend");
    assertThat(failed.tags().get("mlflow.note.content"))
        .contains("**Outcome:** diverged", "loss is nan at step 240");
    assertThat(failed.params()).containsEntry("seed", "1").containsEntry("learning_rate", "0.1");
  }

  @Test
  void aRunShowsItsCurveItsSeedItsForecastAndItsGain() {
    Attempt attempt = forecast();
    RunItem item = item(sample.state(), attempt, Links.NONE);
    double auc = attempt.outcome().orElseThrow().metrics().get("auc");
    double baseline = CampaignResults.of(sample.state()).baseline().orElseThrow().mean();
    assertThat(item.metrics().stream().filter(p -> p.metric().equals("auc")))
        .extracting(RunItem.Point::step, RunItem.Point::value)
        .endsWith(tuple(3L, auc))
        .hasSize(3);
    assertThat(item.metrics())
        .extracting(RunItem.Point::metric, RunItem.Point::value)
        .contains(tuple("predicted_gain", 0.0038), tuple("gain", auc - baseline));
    assertThat(item.name()).isEqualTo("learning_rate: 0.001 -> 0.003 (seed 1)");
    assertThat(item.tags())
        .containsEntry("dormouse.source", "history")
        .containsEntry("dormouse.hypothesis", "Setting learning_rate to 0.003 raises auc");
  }

  @Test
  void aRunOfAirflowIsLinkedToIt() {
    Links links = new Links(Optional.of(URI.create("http://airflow.test:8080/")));
    RunItem item = new TrialItem(sample.state(), inAirflow(), links).of(forecast());
    String url = "http://airflow.test:8080/dags/dormouse_train/runs/";
    assertThat(item.tags().get("dormouse.airflow")).startsWith(url);
    assertThat(item.tags().get("mlflow.note.content")).contains("](" + url);
    assertThat(item(sample.state(), forecast(), links).tags())
        .doesNotContainKey("dormouse.airflow");
  }

  @Test
  void theCampaignsCurvesHaveOneStepForEachFinishedRun() {
    long finished =
        sample.state().attempts().values().stream().filter(a -> a.outcome().isPresent()).count();
    List<RunItem.Point> curves = curves(sample.state());
    assertThat(curves.stream().filter(p -> p.metric().equals("campaign/gpu_hours_spent")))
        .hasSize((int) finished)
        .isSortedAccordingTo(Comparator.comparing(RunItem.Point::value));
    assertThat(curves)
        .extracting(RunItem.Point::metric)
        .contains("campaign/best", "campaign/lift_over_baseline", "campaign/trials_done");
  }

  @Test
  void theCampaignTellsWhatPeopleHadToDo() {
    RunItem campaign = runs(sample.state()).get(0);
    Productivity figures = Productivity.of(sample.state());
    assertThat(campaign.metrics())
        .extracting(RunItem.Point::metric, RunItem.Point::value)
        .contains(
            tuple("productivity/touches", (double) figures.touches()),
            tuple("productivity/attended_minutes", figures.attendedMinutes()),
            tuple(
                "productivity/share_of_failures_resolved_alone",
                figures.shareResolvedAlone().orElseThrow()));
    assertThat(campaign.metrics()).extracting(RunItem.Point::metric).contains("confirmed/gain");
    assertThat(runs(sample.state()).stream().filter(run -> run.key().startsWith("phase:")))
        .extracting(run -> run.dataSet().orElseThrow().name())
        .containsOnly("movielens-100k");
  }

  @Test
  void theConfirmedWinnerIsAModelAndTheReportIsAnArtifact() {
    List<OutboxItem> items = items(sample.state());
    assertThat(items.stream().filter(ModelItem.class::isInstance)).hasSize(1);
    assertThat(items.stream().filter(item -> item.key().startsWith("report:"))).hasSize(1);
    List<OutboxItem> before = items(sample.stateAfter(sample.events().size() - 1));
    assertThat(keys(before)).noneMatch(key -> key.matches("(model|report):.*"));
  }

  @Test
  void aStepOfACurveOnceShownNeverChanges() {
    List<RunItem.Point> shown = List.of();
    for (int events = 2; events < sample.events().size(); events++) {
      List<RunItem.Point> now = curves(sample.stateAfter(events));
      assertThat(now.subList(0, shown.size())).isEqualTo(shown);
      shown = now;
    }
    assertThat(shown).isNotEmpty();
  }

  private CampaignSpec inAirflow() {
    CampaignSpec spec = sample.state().spec().orElseThrow();
    CampaignSpec.Training training = spec.training();
    return new CampaignSpec(
        spec.campaignId(),
        spec.study(),
        spec.objective(),
        spec.baseline(),
        spec.searchSpace(),
        new CampaignSpec.Training(
            "airflow", training.command(), training.timeout(), training.gpus()),
        spec.budget(),
        spec.guardrails(),
        spec.sources(),
        spec.trials());
  }

  private Attempt forecast() {
    return sample.state().attempts().values().stream()
        .filter(a -> a.trial().predictedGain().equals(Optional.of(0.0038)))
        .findFirst()
        .orElseThrow();
  }

  private static RunItem item(CampaignState state, Attempt attempt, Links links) {
    return new TrialItem(state, state.spec().orElseThrow(), links).of(attempt);
  }

  private static List<RunItem.Point> curves(CampaignState state) {
    return runs(state).stream()
        .filter(item -> item.key().startsWith("curves:"))
        .flatMap(item -> item.metrics().stream())
        .toList();
  }

  private static List<RunItem> runs(CampaignState state) {
    return items(state).stream()
        .filter(RunItem.class::isInstance)
        .map(RunItem.class::cast)
        .toList();
  }

  private static List<OutboxItem> items(CampaignState state) {
    return OutboxItems.of(state, Links.NONE);
  }

  private static List<String> keys(List<OutboxItem> items) {
    return items.stream().map(OutboxItem::key).toList();
  }
}
