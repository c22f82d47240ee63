package dev.dormouse.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GaussianProcessTest {
  private static final double NOISE = 0.1;
  private static final Kernel KERNEL = new ArmKernel(1, 0.25, 1.5, 0.03, 0.2);

  private final List<Arm> arms =
      IntStream.range(0, 40)
          .mapToObj(
              i ->
                  Arm.of(
                      Map.of(
                          "model", List.of("fm", "dnn", "dcn").get(i % 3),
                          "rate", "0.00" + (1 + i % 7),
                          "width", "" + (8 << i % 4))))
          .toList();
  private final EncodedArm[] points = points();

  private EncodedArm[] points() {
    ArmEncoder encoder = ArmEncoder.byRank(arms);
    return IntStream.range(0, arms.size())
        .mapToObj(i -> new EncodedArm(arms.get(i), encoder, Math.sin(i)))
        .toArray(EncodedArm[]::new);
  }

  /** A process that knows the first points, fitted to all of them at once. */
  private GaussianProcess fitted(double... values) {
    double[] noise = new double[values.length];
    Arrays.fill(noise, NOISE);
    return new GaussianProcess(Arrays.copyOf(points, values.length), values, noise, KERNEL);
  }

  private void assertSame(GaussianProcess extended, GaussianProcess fitted) {
    for (EncodedArm point : points) {
      assertThat(extended.predict(point)).isEqualTo(fitted.predict(point));
    }
    assertThat(extended.logLikelihood()).isEqualTo(fitted.logLikelihood());
  }

  @Test
  void oneMoreValueGivesBitByBitWhatFittingAgainGives() {
    GaussianProcess process = fitted(0.3, -1, 0.7);
    for (double value : new double[] {1.5, -0.2, 0.4}) {
      // Predictions before an extension are what it builds on.
      Arrays.stream(points).forEach(process::predict);
      process = process.with(points[process.size()], value, NOISE);
    }
    assertSame(process, fitted(0.3, -1, 0.7, 1.5, -0.2, 0.4));
  }

  @Test
  void extensionsOfOneProcessDoNotDisturbEachOther() {
    GaussianProcess process = fitted(0.3, -1, 0.7);
    Arrays.stream(points).forEach(process::predict);
    GaussianProcess one = process.with(points[3], 1.5, NOISE);
    GaussianProcess other = process.with(points[4], -2, NOISE).with(points[3], 1.5, NOISE);
    Arrays.stream(points).forEach(other::predict);

    assertSame(one, fitted(0.3, -1, 0.7, 1.5));
    assertSame(process, fitted(0.3, -1, 0.7));
  }
}
