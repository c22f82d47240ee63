package dev.dormouse.campaign;

/**
 * One attempt of one trial: the identity of a training run before it exists, the same however often
 * a launch is tried.
 *
 * @param campaignId the campaign
 * @param trialId the trial, unique in its campaign
 * @param attempt from 1
 */
public record TrialKey(String campaignId, String trialId, int attempt) {
  /**
   * The id of the run in the lake, in Airflow and in the work directory; matches {@code
   * [A-Za-z0-9_.~:+-]+}.
   */
  public String runId() {
    return campaignId + "." + trialId + "." + attempt;
  }
}
