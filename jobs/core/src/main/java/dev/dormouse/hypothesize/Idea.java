package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import java.util.List;
import java.util.Optional;

/**
 * A language model's idea, read and checked: an arm of the search space, claims about it that will
 * be scored, and texts without addresses, commands or markup.
 *
 * @param arm the baseline with the changes made
 * @param changes against the baseline, canonical
 * @param claim one sentence
 * @param mechanism why it should work
 * @param sources ids that it cites, all of them part of the context
 * @param claims the model's numbers
 * @param disconfirming the observation that would disprove it
 * @param nearestRun id of the nearest earlier run, if there is one
 * @param whyDifferent why this one differs from it
 */
public record Idea(
    Arm arm,
    List<Change> changes,
    String claim,
    String mechanism,
    List<String> sources,
    Claims claims,
    String disconfirming,
    Optional<String> nearestRun,
    String whyDifferent) {
  public Idea {
    changes = List.copyOf(changes);
    sources = List.copyOf(sources);
  }

  /**
   * What a model claims of its idea.
   *
   * @param gainP10 a gain that is exceeded with probability 0.9, metric units
   * @param gainP50 the median gain
   * @param gainP90 a gain that is exceeded with probability 0.1
   * @param pSuccess probability of a gain above 0
   * @param pCrash probability that the run fails
   * @param costGpuHours cost of a run
   */
  public record Claims(
      double gainP10,
      double gainP50,
      double gainP90,
      double pSuccess,
      double pCrash,
      double costGpuHours) {}

  /** Returns the changes as text. */
  String changesText() {
    return String.join(", ", changes.stream().map(Object::toString).toList());
  }

  /** Returns the text by which ideas are compared for similarity. */
  String text() {
    return claim + " " + mechanism;
  }
}
