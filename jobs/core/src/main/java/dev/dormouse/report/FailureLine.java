package dev.dormouse.report;

import dev.dormouse.campaign.CampaignEvent.Diagnosed;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Productivity;
import java.util.List;
import java.util.Optional;

/**
 * One failed run, its diagnosis and its repair. Pure.
 *
 * @param anchor the run in the list of runs
 * @param what the arm of the run
 * @param aftermath what became of the failure
 */
record FailureLine(
    String run,
    String anchor,
    String what,
    String status,
    String cause,
    String rule,
    String action,
    String detail,
    String aftermath) {

  /** Returns one line per diagnosis, in order. */
  static List<FailureLine> all(CampaignState state, ReportRuns runs) {
    return state.diagnoses().stream().map(diagnosis -> of(state, diagnosis, runs)).toList();
  }

  private static FailureLine of(CampaignState state, Diagnosed diagnosis, ReportRuns runs) {
    TrialKey key = new TrialKey(state.campaignId(), diagnosis.trialId(), diagnosis.attempt());
    Optional<Attempt> attempt = Optional.ofNullable(state.attempts().get(key));
    return new FailureLine(
        key.runId(),
        runs.anchor(key),
        attempt
            .map(a -> CampaignResults.what(state.spec().orElseThrow(), a.trial().arm()))
            .orElse(""),
        attempt.flatMap(Attempt::outcome).map(o -> o.status().id()).orElse(""),
        diagnosis.cause(),
        diagnosis.rule(),
        diagnosis.action().replace('_', ' '),
        ReportWords.sentence(diagnosis.detail()),
        Productivity.aftermath(state, diagnosis));
  }
}
