package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
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
 * Forecasts the rank of arms by a random forest (Breiman, Random Forests, 2001; Tribuo's
 * implementation). It learns interactions of parameters, which {@link MainEffects} cannot.
 */
final class Forest {
  /** Parts of the forest, trained in parallel. */
  private static final int PARTS = 4;

  private static final int TREES_PER_PART = 25;
  private static final int DEPTH = 30;
  private static final int LEAF = 3;
  private static final float FEATURES = 0.6f;
  private static final long SEED = 1;

  /** The most runs used of one study, so that large studies do not dominate. */
  private static final int MOST_RUNS_PER_STUDY = 400;

  /** Offset that keeps the lowest value of a parameter apart from an unset one, which is 0. */
  private static final double SET = 1;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Held, since a logger without references loses its level. Tribuo tells of every tree. */
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  static {
    TRIBUO.setLevel(Level.WARNING);
  }

  private final ArmEncoder encoder;
  private final List<EnsembleModel<Regressor>> parts;

  private Forest(ArmEncoder encoder, List<EnsembleModel<Regressor>> parts) {
    this.encoder = encoder;
    this.parts = parts;
  }

  /** Learns from studies; parameters are encoded over the studies and the candidates. */
  static Forest learn(List<RankedStudy> studies, Collection<Arm> candidates) {
    return learn(studies, candidates, PARTS);
  }

  /** Learns with a quarter of the trees, enough to estimate how well a forest does. */
  static Forest learnSmall(List<RankedStudy> studies, Collection<Arm> candidates) {
    return learn(studies, candidates, 1);
  }

  private static Forest learn(
      List<RankedStudy> studies, Collection<Arm> candidates, int partCount) {
    List<Arm> arms = new ArrayList<>(candidates);
    List<Double> scores = new ArrayList<>();
    for (RankedStudy study : studies) {
      for (int i : sample(study.size())) {
        arms.add(study.arms().get(i));
        scores.add(normalScore(study.ranks().get(i)));
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
        TREES_PER_PART,
        seed);
  }

  /** Returns the normal score of a rank, which separates the best from the good. */
  static double normalScore(double rank) {
    return NORMAL.inverseCumulativeProbability(rank + 0.5);
  }

  /** Returns an example with the parameters that the arm sets; trees read unset ones as 0. */
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
    return rows.subList(0, Math.min(size, MOST_RUNS_PER_STUDY));
  }

  /** Returns the expected normal score of an arm in a new study, around 0. */
  double score(Arm arm) {
    ArrayExample<Regressor> example = example(encoder, arm, Double.NaN);
    return parts.stream()
        .mapToDouble(part -> part.predict(example).getOutput().getValues()[0])
        .average()
        .orElseThrow();
  }
}
