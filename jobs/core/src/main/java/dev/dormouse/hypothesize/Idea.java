package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import java.util.List;
import java.util.Optional;

/**
 * What a language model proposes, after it was read and checked: an arm of the search space, claims
 * about it that will be scored, and texts without anything that could act.
 *
 * @param arm the baseline with the changes made
 * @param changes against the baseline, canonical
 * @param claim one sentence
 * @param mechanism why it should work
 * @param sources ids that it cites, all of them known
 * @param gainP10 a gain that is exceeded with probability 0.9, metric units
 * @param gainP50 the median
 * @param gainP90 a gain that is exceeded with probability 0.1
 * @param pSuccess probability of a gain above 0
 * @param pCrash probability that the run fails
 * @param costGpuHours what a run costs
 * @param disconfirming the observation that would disprove it
 * @param nearestRun the nearest earlier run, if one is known
 * @param whyDifferent why this one differs from it
 */
public record Idea(
    Arm arm,
    List<Change> changes,
    String claim,
    String mechanism,
    List<String> sources,
    double gainP10,
    double gainP50,
    double gainP90,
    double pSuccess,
    double pCrash,
    double costGpuHours,
    String disconfirming,
    Optional<String> nearestRun,
    String whyDifferent) {
  public Idea {
    changes = List.copyOf(changes);
    sources = List.copyOf(sources);
  }

  /** What it says in words: what is compared for likeness. */
  String text() {
    return claim + " " + mechanism;
  }
}
