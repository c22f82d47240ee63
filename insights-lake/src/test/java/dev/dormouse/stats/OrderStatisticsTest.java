package dev.dormouse.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderStatisticsTest {
  @Test
  void theUpperMedianIsAValueAndNeverAMean() {
    assertThat(OrderStatistics.upperMedian(3)).isEqualTo(3);
    assertThat(OrderStatistics.upperMedian(4, 1)).isEqualTo(4);
    assertThat(OrderStatistics.upperMedian(9, 1, 5)).isEqualTo(5);
    assertThat(OrderStatistics.upperMedian(4, 3, 2, 1)).isEqualTo(3);
    assertThat(OrderStatistics.upperMedian()).isNaN();
  }

  @Test
  void theUpperMedianIsRightForEveryNumberOfValues() {
    Random random = new Random(1);
    for (int n = 1; n < 500; n++) {
      double[] values = random.doubles(n).toArray();
      double[] before = values.clone();
      double[] sorted = values.clone();
      Arrays.sort(sorted);

      assertThat(OrderStatistics.upperMedian(values)).as("of %d", n).isEqualTo(sorted[n / 2]);
      assertThat(values).as("left as it was").isEqualTo(before);
    }
  }

  @Test
  void quantilesAreValuesAtTheNearestOrTheLowerRank() {
    double[] values = {50, 10, 40, 20, 30};

    assertThat(OrderStatistics.nearest(values, 0)).isEqualTo(10);
    assertThat(OrderStatistics.nearest(values, 0.1)).as("rank 0.4").isEqualTo(10);
    assertThat(OrderStatistics.nearest(values, 0.9)).as("rank 3.6").isEqualTo(50);
    assertThat(OrderStatistics.lower(values, 0.9)).as("rank 3.6").isEqualTo(40);
    assertThat(OrderStatistics.lower(values, 1)).isEqualTo(50);
    assertThat(values).as("left as it was").containsExactly(50, 10, 40, 20, 30);
  }
}
