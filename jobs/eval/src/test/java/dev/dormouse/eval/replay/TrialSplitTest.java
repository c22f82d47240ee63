package dev.dormouse.eval.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Phase;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrialSplitTest {
  @Test
  void trialsOfAllPhasesMakeUpTheBudget() {
    for (int budget = 1; budget < 60; budget++) {
      for (Set<Phase> without : Set.of(Set.<Phase>of(), Set.of(Phase.BASELINE, Phase.VALIDATION))) {
        Map<Phase, Integer> trials = TrialSplit.of(budget, without);
        assertThat(trials.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(budget);
        assertThat(trials).containsEntry(Phase.CONFIRMATION, 0);
        without.forEach(phase -> assertThat(trials).containsEntry(phase, 0));
      }
    }
    assertThat(TrialSplit.of(20))
        .containsEntry(Phase.BASELINE, 1)
        .containsEntry(Phase.VALIDATION, 6)
        .containsEntry(Phase.COMBINATION, 3)
        .containsEntry(Phase.EXPLOITATION, 10);
  }
}
