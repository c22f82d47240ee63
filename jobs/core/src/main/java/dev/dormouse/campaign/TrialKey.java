package dev.dormouse.campaign;

/**
 * The identity of one attempt of a trial, and so of its training run before it exists: the same
 * however often a launch is tried.
 *
 * @param campaignId the campaign
 * @param trialId the trial, unique in its campaign
 * @param attempt from 1
 */
public record TrialKey(String campaignId, String trialId, int attempt) {
  /**
   * Returns the id of the run in the lake, in Airflow and in the work directory; matches {@code
   * [A-Za-z0-9_.~:+-]+}.
   */
  public String runId() {
    return campaignId + "." + trialId + "." + attempt;
  }
}
