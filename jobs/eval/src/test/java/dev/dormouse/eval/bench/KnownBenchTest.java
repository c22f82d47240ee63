package dev.dormouse.eval.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkTest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
class KnownBenchTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path dir;

  @Test
  void theBestKnownArmIsNamedConfirmedAndMatched() {
    List<String> progress = new ArrayList<>();
    KnownBench.Result result =
        KnownBench.run(
            name -> SparkExtension.emptyLake(dir.resolve(name)),
            1,
            150,
            true,
            1,
            NOW,
            progress::add);

    assertThat(progress).hasSize(1);
    assertThat(result.named()).isEqualTo(1);
    assertThat(result.confirmed()).isEqualTo(1);
    assertThat(result.meanGain()).isGreaterThan(PlantedStudy.GAIN - 2 * PlantedStudy.NOISE);
    assertThat(result.knownTrained()).isZero();
  }
}
