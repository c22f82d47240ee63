package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds the arms of a list that come nearest to arms that are not in it. */
final class ListedArms {
  private ListedArms() {}

  /**
   * Returns the arm of the same model variant that has the most parameter values in common.
   *
   * @return empty if no arm has at least half of the changes that lead from the baseline to the
   *     wished arm
   */
  static Optional<Arm> mostSimilar(Collection<Arm> listed, Arm wished, Arm baseline) {
    List<Change> changes = wished.changesFrom(baseline);
    Optional<Arm> most = Optional.empty();
    long mostShared = -1;
    for (Arm arm : listed) {
      if (arm.modelVariant().equals(wished.modelVariant())) {
        long made =
            changes.stream()
                .filter(change -> arm.value(change.parameter()).orElse("").equals(change.to()))
                .count();
        long shared =
            wished.params().entrySet().stream()
                .filter(param -> param.getValue().equals(arm.params().get(param.getKey())))
                .count();
        if (2 * made >= changes.size() && shared > mostShared) {
          most = Optional.of(arm);
          mostShared = shared;
        }
      }
    }
    return most;
  }
}
