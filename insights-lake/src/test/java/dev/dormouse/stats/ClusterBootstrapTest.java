package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClusterBootstrapTest {
  @Test
  void copiesOfAValueAddNoCertainty() {
    List<Double> values = List.of(0.1, 0.5, 0.2, 0.4);
    List<Double> copies = new ArrayList<>();
    List<String> clusters = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      copies.add(values.get(i % 4));
      clusters.add("family " + i % 4);
    }

    Estimate plain = ClusterBootstrap.mean(values, List.of("a", "b", "c", "d"));
    Estimate clustered = ClusterBootstrap.mean(copies, clusters);

    assertThat(clustered.mean()).isCloseTo(plain.mean(), within(1e-12));
    assertThat(clustered.high() - clustered.low())
        .isCloseTo(plain.high() - plain.low(), within(0.01));
  }

  @Test
  void holdsTheTruthAboutAsOftenAsItSays() {
    Random random = new Random(7);
    int holds = 0;
    for (int trial = 0; trial < 100; trial++) {
      List<Double> values = new ArrayList<>();
      List<String> clusters = new ArrayList<>();
      for (int cluster = 0; cluster < 25; cluster++) {
        double luck = random.nextGaussian();
        for (int i = 0; i < 3; i++) {
          values.add(2 + luck + 0.1 * random.nextGaussian());
          clusters.add("family " + cluster);
        }
      }
      Estimate interval = ClusterBootstrap.mean(values, clusters);
      holds += interval.low() <= 2 && 2 <= interval.high() ? 1 : 0;
    }

    assertThat(holds).isBetween(86, 99);
  }

  @Test
  void refusesWhatCannotBeResampled() {
    assertThatThrownBy(() -> ClusterBootstrap.mean(List.of(), List.of()))
        .hasMessageContaining("0 values");
  }
}
