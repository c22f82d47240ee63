package dev.dormouse.search;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The arms that a campaign chooses from. A search space of listed arms has exactly these; of a
 * space with ranges they are a sample that fills it, named arms, and the moves around the arms that
 * matter.
 */
public final class CandidateArms {
  private static final int SAMPLE = 600;
  private static final long SEED = 1;
  private static final int CLIMBED = 12;
  private static final int ROUNDS = 4;

  private CandidateArms() {}

  /**
   * Returns arms that represent the whole search space: the list, or random arms of the space, each
   * parameter uniform on its own scale.
   */
  public static List<Arm> sample(SearchSpace space, Arm baseline) {
    if (!space.arms().isEmpty()) {
      return space.arms();
    }
    Random random = new Random(SEED);
    Set<Arm> arms = new LinkedHashSet<>();
    for (int i = 0; i < SAMPLE; i++) {
      Arm arm = baseline;
      for (Parameter parameter : space.parameters().values()) {
        arm = arm.with(parameter.name(), value(parameter, random));
      }
      arms.add(arm);
    }
    return List.copyOf(arms);
  }

  /**
   * Returns the named arms, the arms around the baseline, and what climbing from the best of all
   * leads to.
   *
   * @param neighbours finds the moves
   * @param sample arms that represent the space
   * @param named arms that somebody proposed
   * @param gain the forecast to climb by
   */
  static Set<Arm> around(
      Neighbours neighbours,
      Arm baseline,
      Collection<Arm> sample,
      Collection<Arm> named,
      ToDoubleFunction<Arm> gain) {
    Set<Arm> arms = new LinkedHashSet<>(named);
    arms.addAll(neighbours.oneMove(baseline));
    Set<Arm> all = new LinkedHashSet<>(sample);
    all.addAll(arms);
    for (int round = 0; round < ROUNDS; round++) {
      Set<Arm> moved = new LinkedHashSet<>();
      all.stream()
          .sorted(Comparator.comparingDouble(arm -> -gain.applyAsDouble(arm)))
          .limit(CLIMBED)
          .forEach(arm -> moved.addAll(neighbours.oneMove(arm)));
      arms.addAll(moved);
      all.addAll(moved);
    }
    return arms;
  }

  private static String value(Parameter parameter, Random random) {
    if (!parameter.choices().isEmpty()) {
      return parameter.choices().get(random.nextInt(parameter.choices().size()));
    }
    return parameter.at(random.nextDouble());
  }
}
