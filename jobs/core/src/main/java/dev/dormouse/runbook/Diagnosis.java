package dev.dormouse.runbook;

import dev.dormouse.model.RunStatus;

/**
 * What the runbook makes of symptoms.
 *
 * @param status how the run ended
 * @param rule name of the rule that recognised it
 * @param cause what went wrong, for people; empty for a success
 * @param evidence the line of the log that tells most; empty if none does
 */
public record Diagnosis(RunStatus status, String rule, String cause, String evidence) {
  /** Cause and evidence in one line for people; empty for a success. */
  public String text() {
    return evidence.isEmpty() ? cause : cause + ": " + evidence;
  }
}
