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
 * Builds all that MLflow shows of a campaign, as a pure function of its state: an experiment with
 * the goal, one run for the campaign (with plan, curves and report), one for each phase, one for
 * each finished training run, and the confirmed winner as a model. The keys of items that change
 * contain a digest of the content, so that a changed item becomes pending again.
 */
final class OutboxItems {
  /** Prefix of the keys of training runs. */
  static final String TRIAL = "trial:";

  private OutboxItems() {}

  /** Returns the name of the experiment that holds a campaign's runs. */
  static String experiment(String campaignId) {
    return "dormouse/" + campaignId;
  }

  /** Returns the items that are not published yet; parents before children. */
  static List<OutboxItem> pending(CampaignState state, Links links) {
    return of(state, links, key -> !state.publishedKeys().contains(key));
  }

  /** Returns all items of a campaign; parents before children. */
  static List<OutboxItem> of(CampaignState state, Links links) {
    return of(state, links, key -> true);
  }

  private static List<OutboxItem> of(
      CampaignState state, Links links, Predicate<String> isIncluded) {
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
    items.removeIf(item -> !isIncluded.test(item.key()));
    TrialItem trials = new TrialItem(state, spec, links);
    settled.stream()
        .filter(attempt -> isIncluded.test(trialKey(attempt)))
        .map(trials::of)
        .forEach(items::add);
    ending(state, spec, campaign).stream()
        .filter(item -> isIncluded.test(item.key()))
        .forEach(items::add);
    return items;
  }

  /** Returns the items that exist only once the campaign has ended. */
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
   * Returns the finished attempts in the order in which ticks settled them, so that a step of the
   * campaign's curves keeps its number.
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
}
