package dev.dormouse.mine;

import static dev.dormouse.mine.FactFixture.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.mine.Pooling.TestedEffect;
import dev.dormouse.stats.EffectObservation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PoolingTest {
  private static final double VARIANCE = 1e-6;

  /** Slices of one step, each of another study. */
  private static TestedEffect tested(String parameter, String from, String to, double... gains) {
    List<Fact> slices =
        IntStream.range(0, gains.length)
            .mapToObj(i -> step("s" + i, "DCN", parameter, from, to, gains[i]))
            .toList();
    List<EffectObservation> observations =
        IntStream.range(0, gains.length)
            .mapToObj(i -> new EffectObservation(gains[i], VARIANCE, i))
            .toList();
    return new TestedEffect(slices, observations);
  }

  @Test
  void slicesOfEqualVarianceHaveEqualWeight() {
    List<TestResult> results =
        Pooling.results(List.of(tested("k", "8", "16", 0.01, 0.03), tested("l", "1", "2", 0, 0)));

    // (0.01 + 0.03) / 2
    assertThat(results.get(0).effect().plain().mean()).isCloseTo(0.02, within(1e-9));
    assertThat(results.get(1).effect().plain().mean()).isCloseTo(0, within(1e-12));
  }

  @Test
  void theEstimateIsOfTheWholeStepNotOfOneDoubling() {
    // From 8 to 32 are two doublings, each of 0.005; the step gains 2 * 0.005.
    List<TestResult> results =
        Pooling.results(List.of(tested("k", "8", "32", 0.01, 0.01), tested("l", "1", "2", 0, 0)));

    assertThat(results.get(0).effect().plain().mean()).isCloseTo(0.01, within(1e-9));
  }

  @Test
  void countsPairsStudiesAndThoseThatGained() {
    // Two slices of four pairs: 4 of 8 gained.
    TestResult result = Pooling.results(List.of(tested("k", "8", "16", 0.01, -0.01))).get(0);

    assertThat(result.numbers().nPairs()).isEqualTo(8);
    assertThat(result.numbers().nSlices()).isEqualTo(2);
    assertThat(result.numbers().nStudies()).isEqualTo(2);
    assertThat(result.numbers().sharePositive()).isEqualTo(0.5);
    assertThat(result.numbers().plain()).isCloseTo(0, within(1e-9));
  }

  @Test
  void reportsALargeEffectShrunkAndNotOneThatIsNone() {
    // 0.02 is 20 standard errors of a slice (0.001); 0.0001 is a tenth of one.
    TestedEffect large = tested("k", "8", "16", 0.02, 0.02, 0.02, 0.02);
    TestedEffect none = tested("l", "1", "2", 0.0001, -0.0001, 0.0001, -0.0001);

    List<TestResult> all = Pooling.results(List.of(none, large));
    List<TestResult> reported = Pooling.reported(List.of(none, large));

    assertThat(all).extracting(TestResult::tested).containsExactly(none, large);
    assertThat(reported).extracting(TestResult::tested).containsExactly(large);
    assertThat(all.get(1).estimate().mean())
        .isPositive()
        .isLessThan(0.02)
        .isEqualTo(all.get(1).effect().shrunk().mean());
    assertThat(all.get(0).estimate()).isEqualTo(all.get(0).effect().plain());
  }

  @Test
  void theSlopeOfSlicesOnALineIsTheLines() {
    // Gains 0.00, 0.01, 0.02 and 0.03 at -1.5, -0.5, 0.5 and 1.5: 0.01 for each unit.
    TestedEffect mean = tested("k", "8", "16", 0.00, 0.01, 0.02, 0.03);
    TestedEffect slope =
        new TestedEffect(mean.slices(), mean.observations(), "time", List.of(-1.5, -0.5, 0.5, 1.5));

    TestResult result = Pooling.results(List.of(slope)).get(0);

    assertThat(result.effect().plain().mean()).isCloseTo(0.01, within(1e-9));
    assertThat(result.tested().condition()).isEqualTo("time");
  }

  @Test
  void nothingToTestGivesNothing() {
    assertThat(Pooling.results(List.of())).isEmpty();
  }
}
