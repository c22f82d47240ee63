package dev.dormouse.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RegressionTreeTest {
  private static final int ROWS = 600;
  private static final int CODES = 6;
  private static final boolean[] ORDERED = {true, true, false};

  @Test
  void learnsAThresholdAWordAndAnInteraction() {
    ToDoubleFunction<int[]> truth =
        row -> (row[0] > 2 ? 1 : 0) + (row[2] == 3 ? 2 : 0) + (row[0] > 2 && row[1] > 3 ? 4 : 0);

    for (int[] row : new int[][] {{1, 5, 0}, {4, 1, 0}, {4, 1, 3}, {4, 5, 1}, {3, 4, 3}}) {
      assertThat(forest(truth, row))
          .as(Arrays.toString(row))
          .isCloseTo(truth.applyAsDouble(row), within(0.6));
    }
  }

  @Test
  void asksNothingWhereNothingDiffers() {
    assertThat(forest(row -> 7, new int[] {1, 2, 3})).isEqualTo(7);
  }

  @Test
  void aCodeBetweenTwoThatOccurGoesToTheNearer() {
    int[][] codes = {{1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9}};
    double[] targets = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
    RegressionTree tree =
        RegressionTree.learn(
            new RegressionTree.Rows(codes, new boolean[] {true}, new int[] {10}, targets), 1);

    assertThat(tree.value(new int[] {4})).isZero();
    assertThat(tree.value(new int[] {6})).isEqualTo(1);
  }

  @Test
  void theSameSeedGivesTheSameTree() {
    ToDoubleFunction<int[]> truth = row -> Math.sin(50 * row[0] + 7 * row[1] + 3 * row[2]);

    assertThat(values(tree(truth, 5))).isEqualTo(values(tree(truth, 5)));
    assertThat(values(tree(truth, 5))).isNotEqualTo(values(tree(truth, 6)));
  }

  private static List<Double> values(RegressionTree tree) {
    return IntStream.range(0, CODES * CODES)
        .mapToObj(i -> tree.value(new int[] {i / CODES, i % CODES, 3}))
        .toList();
  }

  private static double forest(ToDoubleFunction<int[]> truth, int[] row) {
    return LongStream.range(0, 30).mapToDouble(s -> tree(truth, s).value(row)).average().orElse(0);
  }

  private static RegressionTree tree(ToDoubleFunction<int[]> truth, long seed) {
    Random random = new Random(1);
    int[][] codes = new int[ORDERED.length][ROWS];
    double[] targets = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      int[] row = random.ints(ORDERED.length, 0, CODES).toArray();
      for (int column = 0; column < row.length; column++) {
        codes[column][i] = row[column];
      }
      targets[i] = truth.applyAsDouble(row);
    }
    int[] codeCounts = {CODES, CODES, CODES};
    return RegressionTree.learn(new RegressionTree.Rows(codes, ORDERED, codeCounts, targets), seed);
  }
}
