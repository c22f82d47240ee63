package dev.dormouse.eval.replay;

import dev.dormouse.model.Phase;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Splits a number of trainings into phases: one of the baseline, 30% of the rest for validation,
 * 15% for combination, the remainder for exploitation, none for confirmation.
 */
public final class TrialSplit {
  private static final double VALIDATION = 0.3;
  private static final double COMBINATION = 0.15;

  private TrialSplit() {}

  /**
   * Returns the trials of each phase.
   *
   * @param budget all trainings, the baseline's included
   */
  public static Map<Phase, Integer> of(int budget) {
    return of(budget, Set.of());
  }

  /**
   * Returns the trials of each phase. Exploitation gets those of phases that are left out.
   *
   * @param budget all trainings, the baseline's included
   * @param without phases that get no trial
   */
  static Map<Phase, Integer> of(int budget, Set<Phase> without) {
    int baseline = without.contains(Phase.BASELINE) ? 0 : 1;
    int search = budget - baseline;
    Map<Phase, Integer> trials = new EnumMap<>(Phase.class);
    trials.put(Phase.BASELINE, baseline);
    trials.put(Phase.VALIDATION, share(Phase.VALIDATION, VALIDATION * search, without));
    trials.put(Phase.COMBINATION, share(Phase.COMBINATION, COMBINATION * search, without));
    trials.put(
        Phase.EXPLOITATION, search - trials.get(Phase.VALIDATION) - trials.get(Phase.COMBINATION));
    trials.put(Phase.CONFIRMATION, 0);
    return trials;
  }

  private static int share(Phase phase, double trials, Set<Phase> without) {
    return without.contains(phase) ? 0 : (int) Math.round(trials);
  }
}
