package dev.dormouse.eval.bench;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Results;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.eval.replay.Playthrough;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.search.EvaluatedTrial;
import dev.dormouse.stats.Samples;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Runs campaigns whose truth is known, and counts how often their conclusions are true. */
public final class CampaignBench {
  private CampaignBench() {}

  /**
   * The counts.
   *
   * @param campaigns number of campaigns with true effects
   * @param synergies number of true synergies in them
   * @param synergiesTried share of them that the combination phase tried
   * @param synergiesFound share of them that were tried and measured to gain more than the sum
   * @param antagonismsFound share of true antagonisms that were tried and measured to gain less
   * @param confirmed share of campaigns that confirmed their winner
   * @param nullCampaigns number of campaigns in which no change has an effect
   * @param nullConfirmed share of them that confirmed a winner nevertheless
   */
  public record Result(
      int campaigns,
      int synergies,
      double synergiesTried,
      double synergiesFound,
      double antagonismsFound,
      double confirmed,
      int nullCampaigns,
      double nullConfirmed) {}

  /** Runs campaigns with true effects, and {@code nulls} campaigns without. */
  public static Result run(int campaigns, int nulls, long seed) {
    List<Score> scores =
        LongStream.range(seed, seed + campaigns)
            .parallel()
            .mapToObj(PlantedCampaign::of)
            .map(Score::of)
            .toList();
    List<Score> nullScores =
        LongStream.range(seed, seed + nulls)
            .parallel()
            .mapToObj(PlantedCampaign::ofNulls)
            .map(Score::of)
            .toList();
    int synergies = scores.stream().mapToInt(Score::synergies).sum();
    int antagonisms = scores.stream().mapToInt(Score::antagonisms).sum();
    return new Result(
        campaigns,
        synergies,
        share(scores.stream().mapToInt(Score::synergiesTried).sum(), synergies),
        share(scores.stream().mapToInt(Score::synergiesFound).sum(), synergies),
        share(scores.stream().mapToInt(Score::antagonismsFound).sum(), antagonisms),
        share(scores.stream().filter(Score::confirmed).count(), campaigns),
        nulls,
        share(nullScores.stream().filter(Score::confirmed).count(), nulls));
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private record Score(
      int synergies,
      int synergiesTried,
      int synergiesFound,
      int antagonisms,
      int antagonismsFound,
      boolean confirmed) {

    static Score of(PlantedCampaign planted) {
      CampaignState end =
          Playthrough.play(
              planted.spec(), planted.plan(), Optional.empty(), planted, (state, event) -> true);
      Map<Set<String>, Double> measured = measured(planted, end);
      int tried = 0;
      int found = 0;
      int synergies = 0;
      int antagonismsFound = 0;
      for (Map.Entry<Set<String>, Double> pair : planted.synergies().entrySet()) {
        OptionalDouble seen =
            measured.containsKey(pair.getKey())
                ? OptionalDouble.of(measured.get(pair.getKey()))
                : OptionalDouble.empty();
        if (pair.getValue() > 0) {
          synergies++;
          tried += seen.isPresent() ? 1 : 0;
          found += seen.orElse(0) > 0 ? 1 : 0;
        } else {
          antagonismsFound += seen.orElse(0) < 0 ? 1 : 0;
        }
      }
      return new Score(
          synergies,
          tried,
          found,
          planted.synergies().size() - synergies,
          antagonismsFound,
          end.verdict().map(Verdict::kind).filter(Verdict.Kind.CONFIRMED::equals).isPresent());
    }

    /**
     * Returns the measured gain of each pair beyond the sum of its changes, where all three were
     * tried.
     */
    private static Map<Set<String>, Double> measured(PlantedCampaign planted, CampaignState end) {
      double[] controls = Results.baselineValues(end, planted.spec());
      double control = Samples.mean(controls);
      Map<Set<String>, Double> gains = new HashMap<>();
      Map<Set<String>, Double> pairs = new HashMap<>();
      for (EvaluatedTrial tried : Results.tried(end, planted.spec())) {
        Set<String> changes = changes(planted, tried.arm());
        double gain = tried.value().orElseThrow() - control;
        if (changes.size() == 1 && tried.phase().isSearch()) {
          gains.put(changes, gain);
        } else if (changes.size() == 2 && tried.phase().isSearch()) {
          pairs.put(changes, gain);
        }
      }
      pairs
          .keySet()
          .removeIf(pair -> pair.stream().anyMatch(name -> !gains.containsKey(Set.of(name))));
      pairs.replaceAll(
          (changes, gain) ->
              gain - changes.stream().mapToDouble(name -> gains.get(Set.of(name))).sum());
      return pairs;
    }

    private static Set<String> changes(PlantedCampaign planted, Arm arm) {
      return arm.changesFrom(planted.baseline()).stream()
          .map(Change::parameter)
          .collect(Collectors.toSet());
    }
  }
}
