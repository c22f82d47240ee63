package dev.dormouse.hypothesize;

import dev.dormouse.model.Source;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well Dormouse itself did in one campaign, or in several: compare earlier with later ones.
 *
 * @param what the campaign, or which campaigns
 * @param beganAt when the first of its trials began; empty if it is not known
 * @param confirmed number of confirmed gains
 * @param trials number of trials of the search phases
 * @param repeats those among them whose arm the study had trained with success before, in another
 *     campaign or in imported history
 * @param sources number of these trials by the id of their source
 * @param forecasts the validated hypotheses
 */
public record AgentDrift(
    String what,
    Optional<Instant> beganAt,
    long confirmed,
    long trials,
    long repeats,
    SortedMap<String, Long> sources,
    Forecasts forecasts) {
  public AgentDrift {
    sources = Collections.unmodifiableSortedMap(new TreeMap<>(sources));
  }

  /**
   * Counts of validated hypotheses.
   *
   * @param tried all
   * @param measured those with a measured gain
   * @param better those with a gain above 0
   * @param within80 those whose gain lies within the 80% interval of the forecast
   */
  public record Forecasts(long tried, long measured, long better, long within80) {
    private Forecasts plus(Forecasts other) {
      return new Forecasts(
          tried + other.tried,
          measured + other.measured,
          better + other.better,
          within80 + other.within80);
    }
  }

  /** Returns the share of validated hypotheses that gained; empty if there are none. */
  public Optional<Double> shareBetter() {
    return share(forecasts.better(), forecasts.tried());
  }

  /** Returns the share of measured gains within the 80% interval of their forecast. */
  public Optional<Double> coverage80() {
    return share(forecasts.within80(), forecasts.measured());
  }

  /** Returns the share of trials that repeat what the study knew. */
  public Optional<Double> shareRepeats() {
    return share(repeats, trials);
  }

  /** Returns the share of trials that a source proposed. */
  public Optional<Double> shareOf(Source source) {
    return share(
        sources.getOrDefault(source.id(), 0L),
        sources.values().stream().mapToLong(Long::longValue).sum());
  }

  /** Returns the earlier and the later half of campaigns in order of time; none below two. */
  public static List<AgentDrift> halves(List<AgentDrift> campaigns) {
    int half = campaigns.size() / 2;
    return half == 0
        ? List.of()
        : List.of(
            sum("earlier half", campaigns.subList(0, half)),
            sum("later half", campaigns.subList(half, campaigns.size())));
  }

  private static AgentDrift sum(String what, List<AgentDrift> campaigns) {
    AgentDrift sum =
        new AgentDrift(
            what, campaigns.get(0).beganAt(), 0, 0, 0, new TreeMap<>(), new Forecasts(0, 0, 0, 0));
    for (AgentDrift one : campaigns) {
      TreeMap<String, Long> sources = new TreeMap<>(sum.sources());
      one.sources().forEach((source, trials) -> sources.merge(source, trials, Long::sum));
      sum =
          new AgentDrift(
              what,
              sum.beganAt(),
              sum.confirmed() + one.confirmed(),
              sum.trials() + one.trials(),
              sum.repeats() + one.repeats(),
              sources,
              sum.forecasts().plus(one.forecasts()));
    }
    return sum;
  }

  private static Optional<Double> share(long some, long all) {
    return all == 0 ? Optional.empty() : Optional.of((double) some / all);
  }
}
