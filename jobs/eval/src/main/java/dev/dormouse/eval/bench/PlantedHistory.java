package dev.dormouse.eval.bench;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.StudyKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A small history whose truth is known: mean effects of parameters, their deviations between
 * studies and model variants, interactions of pairs, seed noise, drift of sweeps, and selection
 * (what was repeated or not reported because of its result).
 *
 * <p>An effect or synergy in a slice (study, model variant) is its mean plus a deviation of the
 * study and one of the slice. All parameters have the same levels, each twice the one before; an
 * effect is that of one doubling.
 */
final class PlantedHistory {
  static final List<Integer> LEVELS = List.of(8, 16, 32);

  private static final int PARAMETERS = 40;
  private static final int PAIRS = 8;
  private static final int MOST_STUDIES = 9;
  private static final int FEWEST_STUDIES = 4;
  private static final double START = 0.75;
  private static final double TYPICAL_EFFECT = 0.0007;
  private static final int DEGREES = 3;
  private static final Instant FIRST_DAY = Instant.parse("2024-01-01T00:00:00Z");

  private final Random random;
  private final Map<String, Double> meanEffects = new TreeMap<>();
  private final Map<String, Double> spreads = new TreeMap<>();
  private final List<List<String>> triedTogether = new ArrayList<>();
  private final Map<List<String>, Double> synergies = new LinkedHashMap<>();
  private final Map<List<String>, Double> synergySpreads = new LinkedHashMap<>();
  private final List<Run> runs = new ArrayList<>();
  private int trained;

  private PlantedHistory(long seed) {
    random = new Random(seed);
  }

  /**
   * Generates a history.
   *
   * @param lake prefix of the names of its studies
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

  /** Returns the mean gain of doubling a parameter; 0 if it has no effect on average. */
  double meanEffect(String parameter) {
    return meanEffects.get(parameter);
  }

  /** Returns the gain of doubling both parameters of a pair beyond the sum of both gains. */
  Map<List<String>, Double> synergies() {
    return synergies;
  }

  double synergy(List<String> pair) {
    return synergies.getOrDefault(pair, 0.0);
  }

  /** Of five parameters, two matter, one differs between studies only, and two have no effect. */
  private void plant() {
    for (int p = 0; p < PARAMETERS; p++) {
      boolean matters = p % 5 < 2;
      double size = matters ? TYPICAL_EFFECT * studentT() : 0;
      meanEffects.put(name(p), size);
      boolean differs = matters || p % 5 == 2;
      spreads.put(name(p), differs ? spread(size) : 0);
    }
    for (int i = 0; i < PAIRS; i++) {
      List<String> pair = List.of(name(i), name(i + PARAMETERS / 2));
      triedTogether.add(pair);
      if (i % 2 == 0) {
        double size = TYPICAL_EFFECT * studentT();
        synergies.put(pair, size);
        synergySpreads.put(pair, spread(size));
      }
    }
  }

  /** Returns the standard deviation between slices; half of the variance is between studies. */
  private static double spread(double size) {
    return 0.0004 + 0.2 * Math.abs(size);
  }

  private static String name(int parameter) {
    return String.format(Locale.ROOT, "p%02d", parameter);
  }

  /** Draws from Student's t with three degrees of freedom: many small values, a few large ones. */
  private double studentT() {
    double square = 0;
    for (int i = 0; i < DEGREES; i++) {
      double g = random.nextGaussian();
      square += g * g;
    }
    return random.nextGaussian() / Math.sqrt(square / DEGREES);
  }

  private void study(String name) {
    double noise = 0.0008 * Math.exp(0.4 * random.nextGaussian());
    boolean drifts = random.nextInt(3) == 0;
    boolean adaptive = random.nextBoolean();
    boolean hidesLosers = random.nextInt(4) == 0;
    double base = START + 0.05 * random.nextGaussian();
    Map<String, Double> ofStudy = deviations(spreads);
    Map<List<String>, Double> synergiesOfStudy = deviations(synergySpreads);
    int variants = 2 + random.nextInt(3);
    List<Trained> tried = new ArrayList<>();
    for (int v = 0; v < variants; v++) {
      Slice slice =
          new Slice(
              name,
              "model" + v,
              base + 0.005 * random.nextGaussian(),
              noise,
              sums(meanEffects, ofStudy, deviations(spreads)),
              sums(synergies, synergiesOfStudy, deviations(synergySpreads)));
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

  private <K> Map<K, Double> deviations(Map<K, Double> spreads) {
    Map<K, Double> deviations = new HashMap<>();
    spreads.forEach(
        (name, spread) -> deviations.put(name, spread * Math.sqrt(0.5) * random.nextGaussian()));
    return deviations;
  }

  private static <K> Map<K, Double> sums(
      Map<K, Double> means, Map<K, Double> ofStudy, Map<K, Double> ofSlice) {
    Map<K, Double> sums = new LinkedHashMap<>();
    means.forEach((name, mean) -> sums.put(name, mean + ofStudy.get(name) + ofSlice.get(name)));
    return sums;
  }

  /** Runs grids over two or three parameters; the default may move to the best so far. */
  private List<Trained> sweeps(Slice slice, boolean drifts, boolean adaptive) {
    List<String> names = new ArrayList<>(meanEffects.keySet());
    Map<String, Integer> defaults = new TreeMap<>();
    names.forEach(name -> defaults.put(name, random.nextInt(LEVELS.size())));
    List<Trained> all = new ArrayList<>();
    int sweeps = 2 + random.nextInt(3);
    for (int s = 0; s < sweeps; s++) {
      double offset = drifts ? 0.0005 * random.nextGaussian() : 0;
      List<Map<String, Integer>> grid = grid(defaults, varied(names));
      List<Trained> sweep = new ArrayList<>();
      for (Map<String, Integer> levels : grid) {
        sweep.add(train(slice, levels, "sweep" + s, offset, 1));
      }
      Trained best = sweep.stream().max(Comparator.comparingDouble(Trained::value)).orElseThrow();
      // People repeat the seeds of the best result.
      for (int seed = 2; seed <= 4; seed++) {
        sweep.add(train(slice, best.levels(), "sweep" + s, offset, seed));
      }
      if (adaptive) {
        best.levels()
            .forEach(
                (name, level) ->
                    defaults.computeIfPresent(name, (n, d) -> interacts(n) ? d : level));
      }
      all.addAll(sweep);
    }
    return all;
  }

  private boolean interacts(String parameter) {
    return synergies.keySet().stream().anyMatch(pair -> pair.contains(parameter));
  }

  /** Chooses two or three parameters; half of the time a pair often tried together. */
  private Set<String> varied(List<String> names) {
    Collections.shuffle(names, random);
    Set<String> varied = new TreeSet<>(names.subList(0, 1));
    int count = 2 + random.nextInt(2);
    if (random.nextBoolean()) {
      varied.addAll(triedTogether.get(random.nextInt(triedTogether.size())));
    } else {
      varied.addAll(names.subList(0, count));
    }
    return varied;
  }

  private static List<Map<String, Integer>> grid(
      Map<String, Integer> defaults, Set<String> varied) {
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

  /** Half of the noise (in variance) is fixed by the seed, half differs between repetitions. */
  private Trained train(
      Slice slice, Map<String, Integer> levels, String sweep, double offset, int seed) {
    RandomGenerator ofSeed =
        new SplittableRandom(Objects.hash(slice.study(), slice.variant(), levels, seed));
    double noise = Math.sqrt(0.5) * (ofSeed.nextGaussian() + random.nextGaussian());
    double value = slice.base() + offset + slice.noise() * noise;
    for (Map.Entry<String, Integer> level : levels.entrySet()) {
      value += slice.effects().get(level.getKey()) * (level.getValue() - 1);
    }
    for (Map.Entry<List<String>, Double> synergy : slice.synergies().entrySet()) {
      value +=
          synergy.getValue()
              * (levels.get(synergy.getKey().get(0)) - 1)
              * (levels.get(synergy.getKey().get(1)) - 1);
    }
    trained++;
    return new Trained(
        slice.variant(),
        levels,
        slice.study() + "-" + slice.variant() + "-" + sweep,
        seed,
        value,
        FIRST_DAY.plus(trained, ChronoUnit.HOURS));
  }

  private record Slice(
      String study,
      String variant,
      double base,
      double noise,
      Map<String, Double> effects,
      Map<List<String>, Double> synergies) {}

  private record Trained(
      String variant,
      Map<String, Integer> levels,
      String sweep,
      int seed,
      double value,
      Instant finishedAt) {
    Run run(String study, int number) {
      Map<String, String> params = new TreeMap<>();
      levels.forEach((name, level) -> params.put(name, String.valueOf(LEVELS.get(level))));
      params.put(Arm.MODEL, variant);
      return RunBuilder.builder()
          .runId(study + "-" + number)
          .study(new StudyKey(study, "all", "auc", StudyKey.VALIDATION))
          .family(study)
          .arm(Arm.of(params))
          .seed(OptionalLong.of(seed))
          .status(RunStatus.OK)
          .metrics(new TreeMap<>(Map.of("auc", value)))
          .costSource(CostOrigin.UNKNOWN)
          .sweep(Optional.of(sweep))
          .finishedAt(Optional.of(finishedAt))
          .source("planted")
          .provenance("")
          .build();
    }
  }
}
