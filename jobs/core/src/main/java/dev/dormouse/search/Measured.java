package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.KnownArm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A measured value of an arm, from the campaign or from earlier runs of its study.
 *
 * @param value oriented so that higher is better, in metric units
 * @param sd standard deviation of its error where that is larger than seed noise, else 0
 */
record Measured(Arm arm, double value, double sd) {
  /** So many known arms tell enough; a surrogate of more takes minutes. */
  private static final int MOST_KNOWN = 150;

  /** So many of them are the best ones, the others are spread over all the rest. */
  private static final int BEST_KNOWN = 50;

  /**
   * Returns the campaign's results, a failed run as the worst value, then what the study knew
   * before. That is known as gains over the baseline, so it counts from the baseline's first result
   * on.
   */
  static List<Measured> of(ProposalContext context) {
    double[] values = TrialValues.values(context.tried());
    List<Measured> measured = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      measured.add(new Measured(context.tried().get(i).arm(), values[i], 0));
    }
    OptionalDouble baseline = TrialValues.mean(context.tried(), context.spec().baseline());
    if (baseline.isPresent()) {
      for (KnownArm known : informative(context.known())) {
        measured.add(
            new Measured(known.arm(), baseline.getAsDouble() + known.gain(), known.gainSd()));
      }
    }
    return measured;
  }

  /** Returns the best known arms, and every so many of the others. */
  private static List<KnownArm> informative(List<KnownArm> known) {
    List<KnownArm> best =
        known.stream()
            .filter(arm -> arm.knownGain().isPresent())
            .sorted(Comparator.comparingDouble(arm -> -arm.gain()))
            .toList();
    if (best.size() <= MOST_KNOWN) {
      return best;
    }
    List<KnownArm> chosen = new ArrayList<>(best.subList(0, BEST_KNOWN));
    int others = MOST_KNOWN - BEST_KNOWN;
    int rest = best.size() - BEST_KNOWN;
    for (int i = 0; i < others; i++) {
      chosen.add(best.get(BEST_KNOWN + (int) ((long) i * rest / others)));
    }
    return chosen;
  }
}
