package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.Ranking.TrackRecord;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Divides trials between language models and statistical sources, and reserves some for what
 * history does not cover. The share of language models is the probability that they are the better
 * source (Thompson, On the likelihood that one unknown probability exceeds another, 1933); its
 * expectation is used instead of random draws.
 */
public final class Slots {
  /** Largest share of a language model that has few outcomes yet. */
  public static final double FIRST_SHARE = 0.3;

  /** Share of the first trials for what no past run has tried. */
  private static final double UNCOVERED_SHARE = 0.2;

  private static final double LARGEST_SHARE = 0.6;
  private static final double SMALLEST_SHARE = 0.05;
  private static final long ENOUGH_OUTCOMES = 10;

  /**
   * The result of dividing trials.
   *
   * @param order the hypotheses to try, in order
   * @param leftOver ideas of language models beyond their share
   */
  public record Allocation(List<Hypothesis> order, List<Hypothesis> leftOver) {
    public Allocation {
      order = List.copyOf(order);
      leftOver = List.copyOf(leftOver);
    }
  }

  private Slots() {}

  /** Returns the largest share of trials for ideas of language models, given both records. */
  public static double share(TrackRecord llm, TrackRecord others) {
    double lead = llm.rate() - others.rate();
    double sd = Math.sqrt(variance(llm) + variance(others));
    double better = NormalDistribution.of(0, 1).cumulativeProbability(lead / sd);
    double most = llm.trials() < ENOUGH_OUTCOMES ? FIRST_SHARE : LARGEST_SHARE;
    return Math.max(SMALLEST_SHARE, Math.min(most, better));
  }

  /** Returns the variance of the success rate: a beta distribution with a uniform prior. */
  private static double variance(TrackRecord record) {
    double rate = record.rate();
    return rate * (1 - rate) / (record.trials() + 3.0);
  }

  /** Returns how many of the first {@code trials} trials may be ideas of language models. */
  public static int maxIdeas(double share, int trials) {
    return (int) Math.floor(share * trials + 1e-9);
  }

  /**
   * Keeps the order, but allows for every n at most n x share ideas of language models among the
   * first n hypotheses that can be tried.
   */
  public static Allocation allocate(List<Hypothesis> ranked, double share) {
    Deque<Hypothesis> ideas = new ArrayDeque<>();
    Deque<Hypothesis> others = new ArrayDeque<>();
    ranked.forEach(h -> (h.source() == Source.LLM ? ideas : others).add(h));
    List<Hypothesis> order = new ArrayList<>();
    int tried = 0;
    int triedIdeas = 0;
    while (!others.isEmpty() || !ideas.isEmpty()) {
      boolean allowed = maxIdeas(share, tried + 1) > triedIdeas;
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
    return new Allocation(order, List.copyOf(ideas));
  }

  /** Returns how many of the first {@code trials} trials are for what history does not cover. */
  public static int uncovered(int trials) {
    return maxIdeas(UNCOVERED_SHARE, trials);
  }

  /**
   * Keeps the order, but moves hypotheses that history does not cover forward until they have their
   * share of the first trials, and marks these by the term {@link Hypothesis#RESERVED}.
   *
   * @param trials number of trials to divide
   */
  public static List<Hypothesis> reserved(
      List<Hypothesis> ranked, Predicate<Hypothesis> isUncovered, int trials) {
    Predicate<Hypothesis> mayBeReserved = h -> canBeTried(h) && isUncovered.test(h);
    List<Hypothesis> order = new ArrayList<>();
    List<Hypothesis> left = new ArrayList<>(ranked);
    int tried = 0;
    int marked = 0;
    while (!left.isEmpty()) {
      boolean due = marked < uncovered(Math.min(trials, tried + 1));
      Hypothesis next =
          left.stream().filter(h -> due && mayBeReserved.test(h)).findFirst().orElse(left.get(0));
      left.remove(next);
      tried += canBeTried(next) ? 1 : 0;
      if (marked < uncovered(trials) && mayBeReserved.test(next)) {
        marked++;
        next = next.withTerm(Hypothesis.RESERVED, 1);
      }
      order.add(next);
    }
    return order;
  }

  private static boolean canBeTried(Hypothesis hypothesis) {
    return hypothesis.duplicateOf().isEmpty()
        && hypothesis.forecast().pFailure() <= Hypotheses.LIKELY_TO_FAIL;
  }
}
