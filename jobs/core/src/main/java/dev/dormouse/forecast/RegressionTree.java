package dev.dormouse.forecast;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A tree of a random forest for regression (Breiman, Random Forests, 2001) on columns of codes. It
 * sums targets by code instead of sorting rows (as LightGBM does; Ke et al., 2017), since
 * hyperparameters have few distinct values.
 */
final class RegressionTree {
  private static final int DEPTH = 30;
  private static final int LEAF = 3;

  /** Of the columns that differ among a node's rows, the share that it chooses from. */
  private static final double COLUMNS = 0.6;

  private static final int NONE = -1;

  private final boolean[] ordered;

  /** The column of each node's question; {@link #NONE} for a leaf. */
  private int[] columns = new int[64];

  /** Codes up to this go left; where codes have no order, only this one does. */
  private double[] splits = new double[64];

  private int[] lefts = new int[64];
  private int[] rights = new int[64];
  private double[] values = new double[64];
  private int size;

  /** What trees learn from. */
  static final class Rows {
    private final int[][] codes;
    private final boolean[] ordered;
    private final int[] codeCounts;
    private final double[] targets;

    /**
     * @param codes by column and row, 0 or more
     * @param ordered by column, whether codes have an order
     * @param codeCounts by column, a number above each code
     * @param targets by row
     */
    Rows(int[][] codes, boolean[] ordered, int[] codeCounts, double[] targets) {
      this.codes = codes;
      this.ordered = ordered;
      this.codeCounts = codeCounts;
      this.targets = targets;
    }
  }

  private RegressionTree(boolean[] ordered) {
    this.ordered = ordered;
  }

  /** Learns from as many rows as there are, drawn with replacement. */
  static RegressionTree learn(Rows rows, long seed) {
    RegressionTree tree = new RegressionTree(rows.ordered);
    Growth growth = new Growth(tree, rows, new SplittableRandom(seed));
    growth.grow(0, rows.targets.length, 0, 0);
    return tree;
  }

  /** Returns the mean target of the rows that go the way of a row with these codes. */
  double value(int[] codes) {
    int node = 0;
    while (columns[node] != NONE) {
      node = goesLeft(node, codes[columns[node]]) ? lefts[node] : rights[node];
    }
    return values[node];
  }

  private boolean goesLeft(int node, int code) {
    return ordered[columns[node]] ? code <= splits[node] : code == splits[node];
  }

  private int add(double value) {
    if (size == values.length) {
      columns = Arrays.copyOf(columns, 2 * size);
      splits = Arrays.copyOf(splits, 2 * size);
      lefts = Arrays.copyOf(lefts, 2 * size);
      rights = Arrays.copyOf(rights, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    columns[size] = NONE;
    values[size] = value;
    return size++;
  }

  /** Grows a tree; has what only that needs. */
  private static final class Growth {
    private final RegressionTree tree;
    private final Rows rows;
    private final SplittableRandom random;

    /** The rows, so ordered that those of a node are neighbours. */
    private final int[] drawn;

    /** The columns, so ordered that those with one value among a node's rows come first. */
    private final int[] order;

    private final double[] sums;
    private final int[] counts;

    /** The best question about the current node so far. */
    private int bestColumn;

    private double bestSplit;
    private double bestWorth;

    Growth(RegressionTree tree, Rows rows, SplittableRandom random) {
      this.tree = tree;
      this.rows = rows;
      this.random = random;
      int count = rows.targets.length;
      this.drawn = random.ints(count, 0, count).toArray();
      this.order = new int[rows.codes.length];
      Arrays.setAll(order, i -> i);
      int most = Arrays.stream(rows.codeCounts).max().orElse(1);
      this.sums = new double[most];
      this.counts = new int[most];
    }

    /**
     * Grows a node and all below it.
     *
     * @param from first of its rows
     * @param to end of its rows
     * @param constant so many columns are known to have one value among its rows
     * @return its number
     */
    int grow(int from, int to, int depth, int constant) {
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += rows.targets[drawn[i]];
      }
      int node = tree.add(sum / (to - from));
      if (depth == DEPTH || to - from < 2 * LEAF) {
        return node;
      }
      int constantBelow = ask(from, to, sum, constant);
      if (bestColumn == NONE) {
        return node;
      }
      tree.columns[node] = bestColumn;
      tree.splits[node] = bestSplit;
      int middle = divide(node, from, to);
      int left = grow(from, middle, depth + 1, constantBelow);
      int right = grow(middle, to, depth + 1, constantBelow);
      tree.lefts[node] = left;
      tree.rights[node] = right;
      return node;
    }

    /** Finds the best question of randomly chosen columns; returns how many are constant. */
    private int ask(int from, int to, double sum, int constant) {
      bestColumn = NONE;
      // Rounding must not count as an improvement.
      bestWorth = sum * sum / (to - from) + 1e-9;
      int known = constant;
      int chosen = (int) Math.ceil(COLUMNS * (order.length - constant));
      for (int i = constant; i < order.length && chosen > 0; i++) {
        swap(order, i, random.nextInt(i, order.length));
        if (ask(order[i], from, to, sum)) {
          chosen--;
        } else {
          swap(order, i, known++);
        }
      }
      return known;
    }

    /** Looks for a better question about one column; returns whether the column has two values. */
    private boolean ask(int column, int from, int to, double sum) {
      int[] codes = rows.codes[column];
      int low = Integer.MAX_VALUE;
      int high = 0;
      for (int i = from; i < to; i++) {
        int row = drawn[i];
        int code = codes[row];
        sums[code] += rows.targets[row];
        counts[code]++;
        low = Math.min(low, code);
        high = Math.max(high, code);
      }
      boolean isOrdered = rows.ordered[column];
      int count = 0;
      double ofCount = 0;
      int last = NONE;
      for (int code = low; code <= high; code++) {
        if (counts[code] > 0) {
          if (isOrdered && last != NONE) {
            // In the middle of two numbers that occur.
            consider(column, (last + code) / 2.0, count, ofCount, to - from, sum);
          } else if (!isOrdered) {
            consider(column, code, counts[code], sums[code], to - from, sum);
          }
          count += counts[code];
          ofCount += sums[code];
          last = code;
          counts[code] = 0;
          sums[code] = 0;
        }
      }
      return low < high;
    }

    /** Takes a question if it explains more: the sum of squared means is larger. */
    private void consider(
        int column, double split, int leftCount, double leftSum, int count, double sum) {
      int rightCount = count - leftCount;
      if (leftCount >= LEAF && rightCount >= LEAF) {
        double rightSum = sum - leftSum;
        double worth = leftSum * leftSum / leftCount + rightSum * rightSum / rightCount;
        if (worth > bestWorth) {
          bestColumn = column;
          bestSplit = split;
          bestWorth = worth;
        }
      }
    }

    /** Moves the rows that go left to the front; returns where the others begin. */
    private int divide(int node, int from, int to) {
      int[] codes = rows.codes[tree.columns[node]];
      int middle = from;
      for (int i = from; i < to; i++) {
        if (tree.goesLeft(node, codes[drawn[i]])) {
          swap(drawn, i, middle++);
        }
      }
      return middle;
    }

    private static void swap(int[] numbers, int a, int b) {
      int held = numbers[a];
      numbers[a] = numbers[b];
      numbers[b] = held;
    }
  }
}
