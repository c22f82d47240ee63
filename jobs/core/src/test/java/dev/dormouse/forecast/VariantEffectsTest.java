package dev.dormouse.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class VariantEffectsTest {
  @Test
  void theBestOfWeakModelsIsNotTakenForTheBest() {
    List<PastResult> results = new ArrayList<>();
    for (int study = 0; study < 4; study++) {
      results.addAll(study("strong " + study, "dcnv2", "dnn"));
      results.addAll(study("between " + study, "dnn", "fm"));
      results.addAll(study("weak " + study, "fm", "lr"));
    }
    VariantEffects effects = new VariantEffects(RankedStudy.of(results));

    assertThat(effects.of("dcnv2")).isGreaterThan(effects.of("dnn") + 0.1);
    assertThat(effects.of("dnn")).isGreaterThan(effects.of("fm") + 0.1);
    assertThat(effects.of("fm")).isGreaterThan(effects.of("lr") + 0.1);
    assertThat(effects.level(11)).as("weak").isLessThan(effects.level(4)).isNegative();
  }

  @Test
  void aVariantThatOneStudyTriedCountsLessThanOneThatManyTried() {
    List<PastResult> results = new ArrayList<>(study("once", "new", "dnn"));
    for (int study = 0; study < 6; study++) {
      results.addAll(study("often " + study, "old", "dnn"));
    }
    VariantEffects effects = new VariantEffects(RankedStudy.of(results));

    assertThat(effects.of("old")).isGreaterThan(effects.of("new"));
    assertThat(effects.of("new")).isPositive();
    assertThat(effects.of("never tried")).isZero();
  }

  /** Results of a study in which the first variant is better. */
  private static List<PastResult> study(String name, String better, String worse) {
    List<PastResult> results = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      results.add(result(name, better, i, 0.8));
      results.add(result(name, worse, i, 0.7));
    }
    return results;
  }

  private static PastResult result(String study, String variant, int layer, double value) {
    Arm arm = Arm.of(Map.of("model", variant, "layers", "" + layer));
    return new PastResult(study, arm, OptionalDouble.of(value + layer * 1e-4));
  }
}
