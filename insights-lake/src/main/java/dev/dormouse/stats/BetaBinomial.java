package dev.dormouse.stats;

import org.apache.commons.numbers.gamma.LogBeta;

/** Counts of events whose rate varies from case to case with a beta distribution. */
public final class BetaBinomial {
  private BetaBinomial() {}

  /**
   * Returns the probability of at least so many events (upper tail of the beta-binomial
   * distribution, Skellam 1948).
   *
   * @param hits number of events
   * @param trials chances for an event
   * @param rate mean rate, between 0 and 1 exclusively
   * @param weight how many trials the mean rate counts for: small if rates differ much
   */
  public static double atLeast(long hits, long trials, double rate, double weight) {
    double a = rate * weight;
    double b = (1 - rate) * weight;
    double constant = LogBeta.value(a, b);
    double tail = 0;
    for (long k = hits; k <= trials; k++) {
      tail += Math.exp(logChoose(trials, k) + LogBeta.value(a + k, b + trials - k) - constant);
    }
    return Math.min(1, tail);
  }

  private static double logChoose(long n, long k) {
    return -LogBeta.value(n - k + 1.0, k + 1.0) - Math.log1p((double) n);
  }
}
