package dev.dormouse.forecast;

import dev.dormouse.model.Arm;
import dev.dormouse.model.ParamValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ejml.simple.SimpleMatrix;

/**
 * Forecasts the rank of arms as the sum of the mean rank of the model variant (shrunk to the middle
 * by the number of studies) and the effects of parameter values within one study and variant (ridge
 * regression with fixed effects, each study with the same weight).
 */
final class MainEffects {
  private static final double RIDGE = 2;

  /** A parameter with so many numbers that no study repeated is a sample of a range. */
  private static final int SAMPLED = 12;

  private final VariantEffects variantEffects;
  private final Map<String, Double> valueEffects;

  /** The effects of numbers, by parameter, of the parameters that are sampled from a range. */
  private final Map<String, NavigableMap<Double, Double>> numbers = new HashMap<>();

  private MainEffects(
      VariantEffects variantEffects, Map<String, Double> valueEffects, Set<String> sampled) {
    this.variantEffects = variantEffects;
    this.valueEffects = valueEffects;
    sampled.forEach(name -> numbers.put(name, new TreeMap<>()));
    valueEffects.forEach(
        (feature, effect) -> {
          String name = name(feature);
          if (sampled.contains(name)) {
            number(feature).ifPresent(number -> numbers.get(name).put(number, effect));
          }
        });
  }

  /** Learns the effects of those parameter values that occur among the candidates. */
  static MainEffects learn(List<RankedStudy> studies, Collection<Arm> candidates) {
    Set<String> repeated = repeated(studies);
    Set<String> sampled = sampled(repeated, candidates);
    ValueEffects values = new ValueEffects(learnable(repeated, sampled, candidates));
    for (RankedStudy study : studies) {
      Map<String, List<Integer>> byVariant = new TreeMap<>();
      for (int i = 0; i < study.size(); i++) {
        byVariant
            .computeIfAbsent(study.arms().get(i).modelVariant(), v -> new ArrayList<>())
            .add(i);
      }
      byVariant.forEach(
          (variant, rows) -> {
            values.add(
                rows.stream().map(study.arms()::get).toList(),
                rows.stream().mapToDouble(i -> study.ranks().get(i)).toArray(),
                study.size());
          });
    }
    return new MainEffects(new VariantEffects(studies), values.solve(), sampled);
  }

  /** Returns the expected rank of an arm in a new study, around 0. */
  double rank(Arm arm) {
    double rank = variantEffects.of(arm.modelVariant());
    for (Map.Entry<String, String> param : arm.params().entrySet()) {
      Double effect = valueEffects.get(feature(param));
      rank += effect != null ? effect : interpolated(param.getKey(), param.getValue());
    }
    return rank;
  }

  /** Returns the effect of a number between two numbers whose effects are known; else 0. */
  private double interpolated(String name, String value) {
    NavigableMap<Double, Double> known = numbers.get(name);
    OptionalDouble number = ParamValue.number(value);
    if (known == null || known.isEmpty() || number.isEmpty()) {
      return 0;
    }
    Map.Entry<Double, Double> below = known.floorEntry(number.getAsDouble());
    Map.Entry<Double, Double> above = known.ceilingEntry(number.getAsDouble());
    if (below == null || above == null) {
      return (below == null ? above : below).getValue();
    }
    boolean log = below.getKey() > 0;
    double low = log ? Math.log(below.getKey()) : below.getKey();
    double high = log ? Math.log(above.getKey()) : above.getKey();
    double at = log ? Math.log(number.getAsDouble()) : number.getAsDouble();
    double share = high > low ? (at - low) / (high - low) : 0;
    return below.getValue() + share * (above.getValue() - below.getValue());
  }

  /**
   * Returns the parameter values that at least one study has tried more than once. The effect of a
   * value that occurs once, like a number drawn at random, cannot be separated from the noise of
   * its run.
   */
  private static Set<String> repeated(List<RankedStudy> studies) {
    Set<String> repeated = new HashSet<>();
    for (RankedStudy study : studies) {
      Set<String> once = new HashSet<>();
      for (Arm arm : study.arms()) {
        for (Map.Entry<String, String> param : arm.params().entrySet()) {
          if (!once.add(feature(param))) {
            repeated.add(feature(param));
          }
        }
      }
    }
    return repeated;
  }

  /** Returns the parameters whose values the candidates sample from a range. */
  private static Set<String> sampled(Set<String> repeated, Collection<Arm> candidates) {
    Map<String, Set<String>> unrepeated = new HashMap<>();
    for (Arm arm : candidates) {
      for (Map.Entry<String, String> param : arm.params().entrySet()) {
        if (!repeated.contains(feature(param)) && ParamValue.number(param.getValue()).isPresent()) {
          unrepeated.computeIfAbsent(param.getKey(), n -> new HashSet<>()).add(param.getValue());
        }
      }
    }
    unrepeated.values().removeIf(values -> values.size() < SAMPLED);
    return unrepeated.keySet();
  }

  /**
   * Returns the repeated values that occur among the candidates, and all repeated numbers of
   * sampled parameters, to interpolate between them.
   */
  private static NavigableSet<String> learnable(
      Set<String> repeated, Set<String> sampled, Collection<Arm> candidates) {
    NavigableSet<String> learnable = new TreeSet<>();
    candidates.forEach(
        arm -> arm.params().entrySet().forEach(param -> learnable.add(feature(param))));
    learnable.retainAll(repeated);
    repeated.stream()
        .filter(feature -> sampled.contains(name(feature)) && number(feature).isPresent())
        .forEach(learnable::add);
    return learnable;
  }

  private static String feature(Map.Entry<String, String> param) {
    return param.getKey() + "=" + param.getValue();
  }

  private static String name(String feature) {
    return feature.substring(0, feature.indexOf('='));
  }

  private static OptionalDouble number(String feature) {
    return ParamValue.number(feature.substring(feature.indexOf('=') + 1));
  }

  /** Normal equations of a ridge regression on values, centred within each group of runs. */
  private static final class ValueEffects {
    private final Map<String, Integer> columns = new LinkedHashMap<>();
    private final double[][] products;
    private final double[] targets;

    ValueEffects(NavigableSet<String> features) {
      features.forEach(name -> columns.put(name, columns.size()));
      this.products = new double[columns.size()][columns.size()];
      this.targets = new double[columns.size()];
    }

    /**
     * Adds a group of runs. The product of two centred columns of zeros and ones follows from how
     * often both, and each, have a one.
     */
    void add(List<Arm> group, double[] ranks, int studySize) {
      if (group.size() < 2) {
        return;
      }
      int n = group.size();
      double mean = Arrays.stream(ranks).average().orElse(0);
      double weight = 1.0 / studySize;
      Map<Integer, Integer> ones = new TreeMap<>();
      for (int i = 0; i < n; i++) {
        int[] present = present(group.get(i));
        for (int a : present) {
          ones.merge(a, 1, Integer::sum);
          targets[a] += weight * (ranks[i] - mean);
          for (int b : present) {
            products[a][b] += weight;
          }
        }
      }
      ones.forEach(
          (a, countA) ->
              ones.forEach((b, countB) -> products[a][b] -= weight * countA * countB / n));
    }

    private int[] present(Arm arm) {
      return arm.params().entrySet().stream()
          .map(param -> columns.get(feature(param)))
          .filter(Objects::nonNull)
          .mapToInt(column -> column)
          .toArray();
    }

    Map<String, Double> solve() {
      int n = columns.size();
      if (n == 0) {
        return Map.of();
      }
      SimpleMatrix system = new SimpleMatrix(products).plus(SimpleMatrix.identity(n).scale(RIDGE));
      SimpleMatrix effects = system.solve(new SimpleMatrix(n, 1, true, targets));
      Map<String, Double> byName = new HashMap<>();
      columns.forEach((name, column) -> byName.put(name, effects.get(column, 0)));
      return byName;
    }
  }
}
