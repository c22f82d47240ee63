package dev.dormouse.tuning;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A campaign as one question to a model, with the answers that were tried.
 *
 * @param campaignId the campaign
 * @param study the study, without paths
 * @param family the study's family, by which splits are made
 * @param metric the metric of the gains
 * @param askedAt the time whose knowledge the question holds
 * @param question what a model would have been asked
 * @param noise the seed noise
 * @param answers the tried hypotheses, in order of their ids
 * @param licences licences of the cards and papers in the question
 */
record PastCampaign(
    String campaignId,
    String study,
    String family,
    String metric,
    Instant askedAt,
    Question question,
    Noise noise,
    List<Answer> answers,
    Set<String> licences) {
  PastCampaign {
    answers = List.copyOf(answers);
    licences = Set.copyOf(licences);
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("Campaign " + campaignId + " has no answers");
    }
  }

  /**
   * A question.
   *
   * @param system the instructions
   * @param prompt baseline, search space, insights and noise
   * @param schema the JSON schema of the reply
   */
  record Question(String system, String prompt, String schema) {}

  /**
   * Seed noise of a campaign.
   *
   * @param sd standard deviation over seeds, metric units: the baseline's, pooled with that of past
   *     studies
   * @param baselineRuns number of the baseline's runs
   */
  record Noise(double sd, int baselineRuns) {}

  /**
   * An answer that was tried.
   *
   * @param hypothesisId the hypothesis
   * @param source who proposed it
   * @param json the answer
   * @param outcome what became of it
   */
  record Answer(String hypothesisId, String source, String json, Outcome outcome) {}

  /** Returns when its last outcome was known. */
  Instant endedAt() {
    return answers.stream()
        .map(answer -> answer.outcome().endedAt())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }
}
