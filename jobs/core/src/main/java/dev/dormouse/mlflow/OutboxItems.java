package dev.dormouse.mlflow;

import static java.util.Comparator.comparing;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * All that MLflow should show of a campaign, as a pure function of its state: an experiment that
 * says what for, one run for the campaign (its plan, curves and report with it), one a phase, one a
 * finished training run, and the confirmed winner as a model. What changes gets a new key with its
 * content's digest, so that it becomes pending again.
 */
final class OutboxItems {
  /** Keys of training runs begin so. */
  static final String TRIAL = "trial:";

  private OutboxItems() {}

  /** The name of the experiment that holds a campaign's runs. */
  static String experiment(String campaignId) {
    return "dormouse/" + campaignId;
  }

  /** What is to be shown and has not been yet; parents before children. */
  static List<OutboxItem> pending(CampaignState state, Links links) {
    return of(state, links, key -> !state.publishedKeys().contains(key));
  }

  /** Everything that MLflow should show; parents before children. */
  static List<OutboxItem> of(CampaignState state, Links links) {
    return of(state, links, key -> true);
  }

  private static List<OutboxItem> of(CampaignState state, Links links, Predicate<String> wanted) {
    if (state.spec().isEmpty()) {
      return List.of();
    }
    CampaignSpec spec = state.spec().get();
    List<Attempt> settled = settled(state);
    List<OutboxItem> items = new ArrayList<>();
    items.add(CampaignItems.experiment(state, spec));
    RunItem campaign = CampaignItems.campaign(state, spec, settled);
    items.add(campaign);
    state
        .plan()
        .ifPresent(
            plan ->
                items.add(
                    CampaignItems.plan(campaign, spec, plan, state.planHash().orElseThrow())));
    items.addAll(CampaignCurves.of(campaign, spec, settled));
    for (Phase phase : Phase.values()) {
      if (!state.of(phase).isEmpty()) {
        items.add(PhaseItem.of(state, phase));
      }
    }
    items.add(ExperimentView.of(spec));
    items.removeIf(item -> !wanted.test(item.key()));
    TrialItem trials = new TrialItem(state, spec, links);
    settled.stream()
        .filter(attempt -> wanted.test(trialKey(attempt)))
        .map(trials::of)
        .forEach(items::add);
    ending(state, spec, campaign).stream()
        .filter(item -> wanted.test(item.key()))
        .forEach(items::add);
    return items;
  }

  /** What is only shown once nothing changes any more. */
  private static List<OutboxItem> ending(CampaignState state, CampaignSpec spec, RunItem campaign) {
    List<OutboxItem> items = new ArrayList<>();
    if (state.isOver() && state.open().isEmpty()) {
      items.add(CampaignItems.report(campaign, state));
    }
    state
        .verdict()
        .filter(verdict -> verdict.kind() == Verdict.Kind.CONFIRMED)
        .flatMap(verdict -> CampaignItems.winner(campaign, state, spec, verdict))
        .ifPresent(items::add);
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
    return TRIAL + attempt.key().runId() + ":settled";
  }

  /**
   * Finished attempts in the order in which ticks settled them: so a step of the campaign's curves,
   * once shown, keeps its number.
   */
  private static List<Attempt> settled(CampaignState state) {
    return state.attempts().values().stream()
        .filter(attempt -> attempt.outcome().isPresent())
        .sorted(
            comparing((Attempt attempt) -> attempt.endedAt().orElse(Instant.EPOCH))
                .thenComparing(attempt -> attempt.outcome().orElseThrow().finishedAt())
                .thenComparing(attempt -> attempt.key().runId()))
        .toList();
  }

  static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
