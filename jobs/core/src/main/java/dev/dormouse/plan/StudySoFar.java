package dev.dormouse.plan;

import dev.dormouse.model.Arm;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Run;
import dev.dormouse.model.Thresholds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a campaign's study holds before the campaign begins. Pure. */
final class StudySoFar {
  /** A study without runs. */
  static final StudySoFar NONE = new StudySoFar(List.of(), List.of());

  private final Map<Arm, KnownArm> known = new HashMap<>();
  private final Set<Long> seeds = new HashSet<>();

  /**
   * What a study holds.
   *
   * @param known the arms that it tried
   */
  StudySoFar(List<KnownArm> known, List<Run> runs) {
    known.forEach(arm -> this.known.put(arm.arm(), arm));
    runs.forEach(run -> run.seed().ifPresent(seeds::add));
  }

  /** Returns why an arm is not tried again. */
  String result(Arm arm, String runId) {
    KnownArm before = known.get(arm);
    if (before == null) {
      return "run " + runId + " of this study tried it already";
    }
    Optional<Double> gain = before.knownGain();
    return gain.isEmpty()
        ? "run " + runId + " of this study failed"
        : String.format(
            Locale.ROOT,
            "known: %+.5f +- %.5f from run %s%s of this study",
            gain.get(),
            before.gainSd(),
            before.runId(),
            before.runs() > 1 ? " and " + (before.runs() - 1) + " more" : "");
  }

  /** Returns the first of so many seeds in a row that no run of the study has used. */
  long firstFreshSeed(int count) {
    long first = Thresholds.FIRST_FRESH_SEED;
    for (long seed = first; seed < first + count; seed++) {
      if (seeds.contains(seed)) {
        first = seed + 1;
      }
    }
    return first;
  }
}
