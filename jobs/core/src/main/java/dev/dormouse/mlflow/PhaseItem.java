package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import dev.dormouse.summary.CampaignSummary;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/** Builds the MLflow run of a phase. Pure. */
final class PhaseItem {
  private PhaseItem() {}

  static RunItem of(CampaignState state, Phase phase) {
    CampaignSummary.PhaseCounts counts = CampaignSummary.counts(state, phase);
    List<Attempt> attempts = state.of(phase);
    List<RunOutcome> ended = attempts.stream().flatMap(a -> a.outcome().stream()).toList();
    Instant start = attempts.get(0).intentAt();
    Instant end =
        ended.stream()
            .map(RunOutcome::finishedAt)
            .reduce(start, BinaryOperator.maxBy(Comparator.naturalOrder()));
    boolean running = !state.isOver() && state.phase().equals(Optional.of(phase));
    double hours = GpuHours.hours(ended.stream().mapToLong(RunOutcome::costMicros).sum());
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("dormouse.phase", phase.id());
    tags.put("dormouse.trials_planned", String.valueOf(counts.planned()));
    tags.put(CampaignItems.SOURCE_TAG, "phase");
    tags.put(CampaignItems.NOTE_TAG, CampaignNotes.phase(state, phase, counts, hours));
    return RunItemBuilder.builder()
        .key(OutboxItems.phaseKey(state, phase))
        .runKey(OutboxItems.phaseKey(state, phase))
        .parentKey(Optional.of(OutboxItems.campaignKey(state)))
        .name((List.of(Phase.values()).indexOf(phase) + 1) + " " + phase.id())
        .status(running ? RunItem.Status.RUNNING : RunItem.Status.FINISHED)
        .startedAt(start)
        .endedAt(running ? Optional.empty() : Optional.of(end))
        .dataSet(state.spec().map(spec -> DataSetInput.of(spec.study())))
        .params(new TreeMap<>())
        .tags(tags)
        .metrics(
            List.of(
                new RunItem.Point("phase/trials_done", ended.size(), counts.done(), end),
                new RunItem.Point("phase/trials_failed", ended.size(), counts.failed(), end),
                new RunItem.Point("phase/gpu_hours_spent", ended.size(), hours, end)))
        .files(List.of())
        .build()
        .versioned();
  }
}
