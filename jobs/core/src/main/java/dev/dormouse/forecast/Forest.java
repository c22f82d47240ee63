package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.tribuo.MutableDataset;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.ensemble.EnsembleModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;

/**
 * A forecast by a random forest of what arms ranked in past studies (Breiman, Random Forests, 2001;
 * Tribuo's implementation). It sees what depends on two parameters at once, which main effects
 * don't.
 */
final class Forest {
  /** Trained side by side. */
  private static final int PARTS = 4;

  private static final int TREES_OF_A_PART = 25;
  private static final int DEPTH = 30;
  private static final int LEAF = 3;
  private static final float FEATURES = 0.6f;
  private static final long SEED = 1;

  /** A study has no more say than this many runs, so that the largest do not drown the others. */
  private static final int MOST_OF_A_STUDY = 400;

  /** Keeps the lowest value of a parameter apart from none. */
  private static final double SET = 1;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final ArmEncoder encoder;
  private final List<EnsembleModel<Regressor>> parts;

  private Forest(ArmEncoder encoder, List<EnsembleModel<Regressor>> parts) {
    this.encoder = encoder;
    this.parts = parts;
  }

  /** Learns from studies, on a scale that the candidates share with them. */
  static Forest learn(List<RankedStudy> studies, Collection<Arm> candidates) {
    return learn(studies, candidates, PARTS);
  }

  /** With a fraction of the trees: enough to tell how well a forest does. */
  static Forest sketch(List<RankedStudy> studies, Collection<Arm> candidates) {
    return learn(studies, candidates, 1);
  }

  private static Forest learn(
      List<RankedStudy> studies, Collection<Arm> candidates, int partCount) {
    List<Arm> arms = new ArrayList<>(candidates);
    List<Double> scores = new ArrayList<>();
    for (RankedStudy study : studies) {
      for (int i : sample(study.size())) {
        arms.add(study.arms().get(i));
        scores.add(score(study.ranks().get(i)));
      }
    }
    ArmEncoder encoder = ArmEncoder.byRank(arms);
    RegressionFactory factory = new RegressionFactory();
    MutableDataset<Regressor> examples =
        new MutableDataset<>(new SimpleDataSourceProvenance("past studies", factory), factory);
    for (int i = 0; i < scores.size(); i++) {
      examples.add(example(encoder, arms.get(candidates.size() + i), scores.get(i)));
    }
    return new Forest(
        encoder,
        LongStream.rangeClosed(1, partCount)
            .parallel()
            .mapToObj(seed -> trainer(seed).train(examples))
            .toList());
  }

  private static RandomForestTrainer<Regressor> trainer(long seed) {
    return new RandomForestTrainer<>(
        new CARTRegressionTrainer(DEPTH, LEAF, 0.0f, FEATURES, false, new MeanSquaredError(), seed),
        new AveragingCombiner(),
        TREES_OF_A_PART,
        seed);
  }

  /** A rank as a quantile of the normal distribution: it tells the best from the good. */
  static double score(double rank) {
    return NORMAL.inverseCumulativeProbability(rank + 0.5);
  }

  /** An example lists what an arm sets; what it leaves unset is 0 to a tree. */
  private static ArrayExample<Regressor> example(ArmEncoder encoder, Arm arm, double score) {
    ArrayExample<Regressor> example = new ArrayExample<>(new Regressor("score", score));
    double[] settings = encoder.settings(arm);
    for (int i = 0; i < settings.length; i++) {
      if (!Double.isNaN(settings[i])) {
        example.add("setting " + i, SET + settings[i]);
      }
    }
    example.add("model " + arm.modelVariant(), SET);
    return example;
  }

  private static List<Integer> sample(int size) {
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rows.add(i);
    }
    Collections.shuffle(rows, new Random(SEED));
    return rows.subList(0, Math.min(size, MOST_OF_A_STUDY));
  }

  /** Expected score of an arm in a new study, around 0. */
  double score(Arm arm) {
    ArrayExample<Regressor> example = example(encoder, arm, Double.NaN);
    return parts.stream()
        .mapToDouble(part -> part.predict(example).getOutput().getValues()[0])
        .average()
        .orElseThrow();
  }
}
