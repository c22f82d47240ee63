package dev.dormouse.stats;

import java.util.Arrays;
import java.util.List;

/**
 * Strengths from comparisons of two (Bradley and Terry, Rank analysis of incomplete block designs,
 * 1952), by the iteration of Hunter, MM algorithms for generalized Bradley-Terry models, 2004. One
 * win and one loss of each against a common opponent keep strengths finite if comparisons are few.
 */
public final class BradleyTerry {
  private static final int ITERATIONS = 200;

  /**
   * The outcome of a comparison of two.
   *
   * @param first index of one
   * @param second index of the other
   * @param wins of the first: 1 if it won, 0 if it lost, 0.5 if undecided
   */
  public record Duel(int first, int second, double wins) {
    public Duel {
      if (first == second || !(wins >= 0 && wins <= 1)) {
        throw new IllegalArgumentException(
            "Not a comparison of two: " + first + ", " + second + " with " + wins + " wins");
      }
    }
  }

  private BradleyTerry() {}

  /**
   * Returns for each the probability of winning against the common opponent; 0.5 for one that was
   * never compared.
   */
  public static double[] chances(int players, List<Duel> duels) {
    double[] strengths = new double[players];
    Arrays.fill(strengths, 1);
    for (int round = 0; round < ITERATIONS; round++) {
      double[] wins = new double[players];
      double[] weights = new double[players];
      for (int i = 0; i < players; i++) {
        wins[i] = 1;
        weights[i] = 2 / (strengths[i] + 1);
      }
      for (Duel duel : duels) {
        double weight = 1 / (strengths[duel.first()] + strengths[duel.second()]);
        wins[duel.first()] += duel.wins();
        wins[duel.second()] += 1 - duel.wins();
        weights[duel.first()] += weight;
        weights[duel.second()] += weight;
      }
      for (int i = 0; i < players; i++) {
        strengths[i] = wins[i] / weights[i];
      }
    }
    return Arrays.stream(strengths).map(strength -> strength / (strength + 1)).toArray();
  }
}
