package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Forecasts the rank of arms by a random forest. It learns interactions of parameters, which {@link
 * MainEffects} cannot.
 */
final class Forest {
  private static final int TREES = 100;
  private static final int FEW_TREES = 25;
  private static final long SEED = 1;

  /** The most runs used of one study, so that large studies do not dominate. */
  private static final int MOST_RUNS_PER_STUDY = 400;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final ArmCodes codes;
  private final List<RegressionTree> trees;

  private Forest(ArmCodes codes, List<RegressionTree> trees) {
    this.codes = codes;
    this.trees = trees;
  }

  /** Learns from studies; parameters are encoded over the studies and the candidates. */
  static Forest learn(List<RankedStudy> studies, Collection<Arm> candidates) {
    return learn(studies, candidates, TREES);
  }

  /** Learns with a quarter of the trees, enough to estimate how well a forest does. */
  static Forest learnSmall(List<RankedStudy> studies, Collection<Arm> candidates) {
    return learn(studies, candidates, FEW_TREES);
  }

  private static Forest learn(
      List<RankedStudy> studies, Collection<Arm> candidates, int treeCount) {
    List<Arm> arms = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    VariantEffects effects = new VariantEffects(studies);
    for (int s = 0; s < studies.size(); s++) {
      RankedStudy study = studies.get(s);
      for (int i : sample(study.size())) {
        arms.add(study.arms().get(i));
        scores.add(normalScore(study.ranks().get(i)) + effects.level(s) / RankedStudy.SD);
      }
    }
    List<Arm> all = new ArrayList<>(candidates);
    all.addAll(arms);
    ArmCodes codes = ArmCodes.of(all);
    RegressionTree.Rows rows = rows(codes, arms, scores);
    return new Forest(
        codes,
        LongStream.rangeClosed(1, treeCount)
            .parallel()
            .mapToObj(seed -> RegressionTree.learn(rows, seed))
            .toList());
  }

  private static RegressionTree.Rows rows(ArmCodes codes, List<Arm> arms, List<Double> scores) {
    int[][] columns = new int[codes.size()][arms.size()];
    for (int row = 0; row < arms.size(); row++) {
      int[] ofArm = codes.codes(arms.get(row));
      for (int column = 0; column < ofArm.length; column++) {
        columns[column][row] = ofArm[column];
      }
    }
    boolean[] ordered = new boolean[codes.size()];
    int[] codeCounts = new int[codes.size()];
    for (int column = 0; column < ordered.length; column++) {
      ordered[column] = codes.isOrdered(column);
      codeCounts[column] = codes.codeCount(column);
    }
    return new RegressionTree.Rows(
        columns, ordered, codeCounts, scores.stream().mapToDouble(score -> score).toArray());
  }

  /** Returns the normal score of a rank, which separates the best from the good. */
  static double normalScore(double rank) {
    return NORMAL.inverseCumulativeProbability(rank + 0.5);
  }

  private static List<Integer> sample(int size) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rows.add(i);
    }
    Collections.shuffle(rows, new Random(SEED));
    return rows.subList(0, Math.min(size, MOST_RUNS_PER_STUDY));
  }

  /** Returns the expected normal score of an arm in a new study, around 0. */
  double score(Arm arm) {
    int[] coded = codes.codes(arm);
    double sum = 0;
    for (RegressionTree tree : trees) {
      sum += tree.value(coded);
    }
    return sum / trees.size();
  }
}
