package dev.dormouse.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@SparkTest
class TruthBenchTest {
  /** Of so few histories the shares are rough; {@code bench truth} tells them from hundreds. */
  @Test
  void miningTellsTheTruthOnPlantedHistories() {
    List<String> progress = new ArrayList<>();

    TruthResult result = TruthBench.run(SparkExtension.spark(), 8, 1, progress::add);

    TruthResult.Kind effects = result.effects();
    assertThat(effects.reported()).isGreaterThan(50);
    assertThat(effects.falseDiscoveryRate()).isLessThan(0.15);
    assertThat(effects.coverage().all().orElseThrow()).isBetween(0.90, 0.99);
    assertThat(effects.coverage().reported().orElseThrow()).isBetween(0.86, 1.0);
    assertThat(effects.power().large().orElseThrow()).isGreaterThan(0.5);
    assertThat(result.interactions().reported()).isGreaterThan(10);
    assertThat(result.interactions().falseDiscoveryRate()).isLessThan(0.15);
    assertThat(progress).containsExactly("Mined 8 of 8 planted histories ...");
  }

  @Test
  void theSameSeedPlantsTheSameHistory() {
    assertThat(PlantedHistory.of("lake", 3).runs()).isEqualTo(PlantedHistory.of("lake", 3).runs());
    assertThat(PlantedHistory.of("lake", 3).runs())
        .isNotEqualTo(PlantedHistory.of("lake", 4).runs());
  }
}
