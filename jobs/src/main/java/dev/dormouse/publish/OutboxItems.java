package dev.dormouse.publish;

import static java.util.Comparator.comparing;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that MLflow should show of a campaign, as a pure function of its state: one run for the
 * campaign (its plan with it), one a phase, one a finished training run. What changes gets a new
 * key with its content's digest, so that it becomes pending again.
 */
public final class OutboxItems {
  private OutboxItems() {}

  /** The name of the experiment that holds a campaign's runs. */
  public static String experiment(String campaignId) {
    return "dormouse/" + campaignId;
  }

  /** What is to be shown and has not been yet; parents before children. */
  public static List<OutboxItem> pending(CampaignState state) {
    return of(state).stream().filter(item -> !state.publishedKeys().contains(item.key())).toList();
  }

  /** Everything that MLflow should show; parents before children. */
  public static List<OutboxItem> of(CampaignState state) {
    if (state.spec().isEmpty()) {
      return List.of();
    }
    List<OutboxItem> items = new ArrayList<>();
    items.add(CampaignItems.campaign(state, state.spec().get(), settled(state)));
    state.plan().ifPresent(plan -> items.add(CampaignItems.plan(state, plan)));
    for (Phase phase : Phase.values()) {
      if (!state.of(phase).isEmpty()) {
        items.add(phase(state, phase));
      }
    }
    settled(state).forEach(attempt -> items.add(TrialItem.of(state, attempt)));
    return items;
  }

  static String campaignKey(CampaignState state) {
    return campaignKey(state.campaignId());
  }

  static String campaignKey(String campaignId) {
    return "campaign:" + campaignId;
  }

  static String phaseKey(CampaignState state, Phase phase) {
    return "phase:" + state.campaignId() + ":" + phase.id();
  }

  static String trialKey(Attempt attempt) {
    return "trial:" + attempt.key().runId() + ":settled";
  }

  /**
   * Finished attempts in the order in which they were published, the others after them by their
   * end: so a step of the campaign's curves, once shown, keeps its number.
   */
  private static List<Attempt> settled(CampaignState state) {
    List<String> published = List.copyOf(state.publishedKeys());
    Map<String, Integer> rank = new TreeMap<>();
    for (int i = 0; i < published.size(); i++) {
      rank.put(published.get(i), i);
    }
    return state.attempts().values().stream()
        .filter(attempt -> attempt.outcome().isPresent())
        .sorted(
            comparing((Attempt attempt) -> rank.getOrDefault(trialKey(attempt), Integer.MAX_VALUE))
                .thenComparing(attempt -> attempt.outcome().orElseThrow().finishedAt())
                .thenComparing(attempt -> attempt.key().runId()))
        .toList();
  }

  private static OutboxItem phase(CampaignState state, Phase phase) {
    CampaignSummary.PhaseCounts counts = CampaignSummary.counts(state, phase);
    List<Attempt> attempts = state.of(phase);
    List<RunOutcome> ended = attempts.stream().flatMap(a -> a.outcome().stream()).toList();
    Instant start = attempts.get(0).intentAt();
    Instant end = ended.stream().map(RunOutcome::finishedAt).reduce(start, OutboxItems::later);
    boolean running = !state.isOver() && state.phase().equals(Optional.of(phase));
    double hours = GpuHours.hours(ended.stream().mapToLong(RunOutcome::costMicros).sum());
    SortedMap<String, String> tags = new TreeMap<>();
    tags.put("dormouse.phase", phase.id());
    tags.put("dormouse.trials_planned", String.valueOf(counts.planned()));
    return new OutboxItem(
            phaseKey(state, phase),
            phaseKey(state, phase),
            Optional.of(campaignKey(state)),
            phase.id(),
            running ? OutboxItem.Status.RUNNING : OutboxItem.Status.FINISHED,
            start,
            running ? Optional.empty() : Optional.of(end),
            new TreeMap<>(),
            tags,
            List.of(
                new OutboxItem.Point("trials_done", ended.size(), counts.done(), end),
                new OutboxItem.Point("trials_failed", ended.size(), counts.failed(), end),
                new OutboxItem.Point("gpu_hours_spent", ended.size(), hours, end)),
            new TreeMap<>())
        .versioned();
  }

  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
