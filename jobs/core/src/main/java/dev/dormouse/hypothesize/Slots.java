package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.Ranking.TrackRecord;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Shares trials between language models and the sources that rest on statistics: a bandit that
 * matches a share to the probability of being the better source (Thompson, On the likelihood that
 * one unknown probability exceeds another, 1933), by its expectation and so without chance.
 */
public final class Slots {
  /** A language model begins with no more than this. */
  public static final double FIRST_SHARE = 0.3;

  private static final double LARGEST_SHARE = 0.6;
  private static final double SMALLEST_SHARE = 0.05;
  private static final long ENOUGH_OUTCOMES = 10;
  private static final double LIKELY_TO_FAIL = 0.5;

  /**
   * An order of trials.
   *
   * @param order of what may be tried
   * @param left ideas of language models that no share is left for
   */
  public record Shared(List<Hypothesis> order, List<Hypothesis> left) {
    public Shared {
      order = List.copyOf(order);
      left = List.copyOf(left);
    }
  }

  private Slots() {}

  /** The share of trials that ideas of language models may have, given both records. */
  public static double share(TrackRecord llm, TrackRecord others) {
    double lead = llm.rate() - others.rate();
    double doubt = Math.sqrt(variance(llm) + variance(others));
    double better = NormalDistribution.of(0, 1).cumulativeProbability(lead / doubt);
    double most = llm.trials() < ENOUGH_OUTCOMES ? FIRST_SHARE : LARGEST_SHARE;
    return Math.max(SMALLEST_SHARE, Math.min(most, better));
  }

  /** Of a beta distribution that began uniform. */
  private static double variance(TrackRecord record) {
    double rate = record.rate();
    return rate * (1 - rate) / (record.trials() + 3.0);
  }

  /** How many of the first so many trials may be ideas of language models. */
  public static int most(double share, int trials) {
    return (int) Math.floor(share * trials + 1e-9);
  }

  /**
   * The same order, but of the first n that can be tried no more than n x share are ideas of
   * language models, for every n.
   */
  public static Shared shared(List<Hypothesis> ranked, double share) {
    Deque<Hypothesis> ideas = new ArrayDeque<>();
    Deque<Hypothesis> others = new ArrayDeque<>();
    ranked.forEach(h -> (h.source() == Source.LLM ? ideas : others).add(h));
    List<Hypothesis> order = new ArrayList<>();
    int tried = 0;
    int triedIdeas = 0;
    while (!others.isEmpty() || !ideas.isEmpty()) {
      boolean allowed = most(share, tried + 1) > triedIdeas;
      if (!ideas.isEmpty() && allowed) {
        order.add(ideas.poll());
        triedIdeas++;
        tried++;
      } else if (!others.isEmpty()) {
        Hypothesis next = others.poll();
        order.add(next);
        tried += canBeTried(next) ? 1 : 0;
      } else {
        break;
      }
    }
    return new Shared(order, List.copyOf(ideas));
  }

  private static boolean canBeTried(Hypothesis hypothesis) {
    return hypothesis.duplicateOf().isEmpty() && hypothesis.forecast().pFailure() <= LIKELY_TO_FAIL;
  }
}
