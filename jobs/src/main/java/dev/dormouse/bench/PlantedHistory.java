package dev.dormouse.bench;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small history of which everything is known: which parameters matter on average and how much,
 * how that differs between studies and model variants, which two act together, how noisy seeds are,
 * how sweeps drift, and what was tried again or not reported because of how it came out.
 *
 * <p>A parameter's effect in a slice (study, model variant) is its mean effect plus a deviation of
 * the study and one of the slice. All parameters have the same levels of which each doubles the one
 * before, and an effect for each doubling.
 */
final class PlantedHistory {
  static final List<Integer> LEVELS = List.of(8, 16, 32);

  private static final int PARAMETERS = 14;
  private static final int MOST_STUDIES = 9;
  private static final int FEWEST_STUDIES = 4;
  private static final double START = 0.75;

  private final Random random;
  private final Map<String, Double> meanEffects = new TreeMap<>();
  private final Map<String, Double> spreads = new TreeMap<>();
  private final Map<List<String>, Double> synergies = new LinkedHashMap<>();
  private final List<Run> runs = new ArrayList<>();

  private PlantedHistory(long seed) {
    random = new Random(seed);
  }

  /**
   * A history.
   *
   * @param lake its name, with which the names of its studies begin
   */
  static PlantedHistory of(String lake, long seed) {
    PlantedHistory history = new PlantedHistory(seed);
    history.plant();
    int studies = FEWEST_STUDIES + history.random.nextInt(MOST_STUDIES - FEWEST_STUDIES + 1);
    for (int i = 0; i < studies; i++) {
      history.study(lake + "-s" + i);
    }
    return history;
  }

  List<Run> runs() {
    return runs;
  }

  /** Mean gain of doubling a parameter, 0 for those that do nothing on average. */
  double meanEffect(String parameter) {
    return meanEffects.get(parameter);
  }

  /** Whether a parameter acts together with another one. */
  boolean interacts(String parameter) {
    return synergies.keySet().stream().anyMatch(pair -> pair.contains(parameter));
  }

  /** What doubling both gains beyond the sum of each. */
  double synergy(String first, String second) {
    return synergies.getOrDefault(List.of(first, second), 0.0);
  }

  /** Eight of fourteen parameters do nothing on average, two of these differ between studies. */
  private void plant() {
    for (int p = 0; p < PARAMETERS; p++) {
      String name = String.format(java.util.Locale.ROOT, "p%02d", p);
      boolean matters = p % 7 < 3;
      double sign = random.nextBoolean() ? 1 : -1;
      double size = matters ? sign * 0.0008 * Math.exp(0.6 * random.nextGaussian()) : 0;
      meanEffects.put(name, size);
      boolean differs = matters || p % 7 == 3;
      spreads.put(name, differs ? 0.0004 + 0.2 * Math.abs(size) : 0);
    }
    List<String> names = List.copyOf(meanEffects.keySet());
    synergies.put(List.of(names.get(0), names.get(7)), 0.001 * (random.nextBoolean() ? 1 : -1));
    synergies.put(List.of(names.get(4), names.get(11)), 0.002 * (random.nextBoolean() ? 1 : -1));
  }

  private void study(String name) {
    double noise = 0.0004 * Math.exp(0.4 * random.nextGaussian());
    boolean drifts = random.nextInt(3) == 0;
    boolean adaptive = random.nextBoolean();
    boolean hidesLosers = random.nextInt(4) == 0;
    double base = START + 0.05 * random.nextGaussian();
    Map<String, Double> studyDeviations = deviations();
    int variants = 2 + random.nextInt(3);
    List<Trained> tried = new ArrayList<>();
    for (int v = 0; v < variants; v++) {
      Slice slice =
          new Slice(
              name,
              "model" + v,
              base + 0.005 * random.nextGaussian(),
              noise,
              effects(studyDeviations, deviations()));
      tried.addAll(sweeps(slice, drifts, adaptive));
    }
    if (hidesLosers) {
      tried.sort(Comparator.comparingDouble(Trained::value));
      tried = new ArrayList<>(tried.subList(tried.size() / 50, tried.size()));
    }
    for (Trained trained : tried) {
      runs.add(trained.run(name, runs.size()));
    }
  }

  private Map<String, Double> deviations() {
    Map<String, Double> deviations = new HashMap<>();
    spreads.forEach(
        (name, spread) -> deviations.put(name, spread * Math.sqrt(0.5) * random.nextGaussian()));
    return deviations;
  }

  private Map<String, Double> effects(Map<String, Double> ofStudy, Map<String, Double> ofSlice) {
    Map<String, Double> effects = new HashMap<>();
    meanEffects.forEach(
        (name, mean) -> effects.put(name, mean + ofStudy.get(name) + ofSlice.get(name)));
    return effects;
  }

  /** Grids over two to three parameters each, around a default that may move to the best so far. */
  private List<Trained> sweeps(Slice slice, boolean drifts, boolean adaptive) {
    List<String> names = new ArrayList<>(meanEffects.keySet());
    Map<String, Integer> defaults = new TreeMap<>();
    names.forEach(name -> defaults.put(name, random.nextInt(LEVELS.size())));
    List<Trained> all = new ArrayList<>();
    int sweeps = 3 + random.nextInt(4);
    for (int s = 0; s < sweeps; s++) {
      double offset = drifts ? 0.0005 * random.nextGaussian() : 0;
      java.util.Collections.shuffle(names, random);
      List<Map<String, Integer>> grid = grid(defaults, names.subList(0, 2 + random.nextInt(2)));
      List<Trained> sweep = new ArrayList<>();
      for (Map<String, Integer> levels : grid) {
        sweep.add(train(slice, levels, "sweep" + s, offset, 1));
      }
      Trained best = sweep.stream().max(Comparator.comparingDouble(Trained::value)).orElseThrow();
      // Publishers repeat the seeds of what came out best.
      for (int seed = 2; seed <= 4; seed++) {
        sweep.add(train(slice, best.levels(), "sweep" + s, offset, seed));
      }
      if (adaptive) {
        defaults.putAll(best.levels());
      }
      all.addAll(sweep);
    }
    return all;
  }

  private static List<Map<String, Integer>> grid(
      Map<String, Integer> defaults, List<String> varied) {
    List<Map<String, Integer>> grid = List.of(defaults);
    for (String name : varied) {
      List<Map<String, Integer>> next = new ArrayList<>();
      for (Map<String, Integer> levels : grid) {
        for (int level = 0; level < LEVELS.size(); level++) {
          Map<String, Integer> changed = new TreeMap<>(levels);
          changed.put(name, level);
          next.add(changed);
        }
      }
      grid = next;
    }
    return grid;
  }

  private Trained train(
      Slice slice, Map<String, Integer> levels, String sweep, double offset, int seed) {
    double value = slice.base() + offset + slice.noise() * random.nextGaussian();
    for (Map.Entry<String, Integer> level : levels.entrySet()) {
      value += slice.effects().get(level.getKey()) * (level.getValue() - 1);
    }
    for (Map.Entry<List<String>, Double> synergy : synergies.entrySet()) {
      value +=
          synergy.getValue()
              * (levels.get(synergy.getKey().get(0)) - 1)
              * (levels.get(synergy.getKey().get(1)) - 1);
    }
    return new Trained(
        slice.variant(), levels, slice.study() + "-" + slice.variant() + "-" + sweep, seed, value);
  }

  private record Slice(
      String study, String variant, double base, double noise, Map<String, Double> effects) {}

  private record Trained(
      String variant, Map<String, Integer> levels, String sweep, int seed, double value) {
    Run run(String study, int number) {
      Map<String, String> params = new TreeMap<>();
      levels.forEach((name, level) -> params.put(name, String.valueOf(LEVELS.get(level))));
      params.put(Arm.MODEL, variant);
      return new Run(
          study + "-" + number,
          new StudyKey(study, "all", "auc", StudyKey.VALIDATION),
          study,
          Arm.of(params),
          OptionalLong.of(seed),
          RunStatus.OK,
          new TreeMap<>(Map.of("auc", value)),
          OptionalDouble.empty(),
          "unknown",
          Optional.of(sweep),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          "planted",
          "",
          Optional.empty(),
          Optional.empty(),
          0);
    }
  }
}
