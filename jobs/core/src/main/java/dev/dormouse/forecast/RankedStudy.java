package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.ranking.NaNStrategy;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * The arms of one past study with their ranks from -0.5 (worst) to 0.5, since metrics of different
 * studies cannot be compared. Failed runs share the lowest rank; ties get their mean rank.
 */
record RankedStudy(List<Arm> arms, List<Double> ranks) {
  /** Standard deviation of ranks, which is that of 1 normal score. */
  static final double SD = Math.sqrt(1.0 / 12);

  /** Returns the studies with at least two runs, in the order of their names. */
  static List<RankedStudy> of(List<PastResult> results) {
    Map<String, List<PastResult>> studies = new TreeMap<>();
    results.forEach(r -> studies.computeIfAbsent(r.study(), s -> new ArrayList<>()).add(r));
    return studies.values().stream()
        .filter(study -> study.size() > 1)
        .map(RankedStudy::ranked)
        .toList();
  }

  private static RankedStudy ranked(List<PastResult> study) {
    double[] values =
        study.stream().mapToDouble(r -> r.value().orElse(Double.NEGATIVE_INFINITY)).toArray();
    double[] ranks = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).apply(values);
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = (ranks[i] - 0.5) / ranks.length - 0.5;
    }
    return new RankedStudy(
        study.stream().map(PastResult::arm).toList(), Arrays.stream(ranks).boxed().toList());
  }

  int size() {
    return arms.size();
  }
}
