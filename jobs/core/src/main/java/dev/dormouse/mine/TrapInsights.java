package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Tempting but wrong conclusions that the history invites. Pure. */
final class TrapInsights {
  private static final long FEWEST_RUNS = 5;

  /** Feature sets of one data set that differ by more than this do not measure the same thing. */
  private static final double FEATURE_SET_DISTANCE = 0.02;

  private static final double NEARLY_ALL = 0.9;
  private static final double WINNERS_RANK = 0.7;

  /** Reruns count as different from this many standard deviations over seeds on. */
  private static final double BEYOND_NOISE = 3;

  private TrapInsights() {}

  static List<Finding> of(List<Fact> facts, Map<String, Study> studies, Noise noise) {
    List<Finding> traps = new ArrayList<>();
    traps.addAll(featureSets(studies.values()));
    for (Study study : studies.values()) {
      if (study.fact().number("n_same") >= FEWEST_RUNS
          && study.fact().number("share_same") >= NEARLY_ALL) {
        traps.add(validationIsTest(study));
      }
      if (study.fact().number("n_curves") >= FEWEST_RUNS
          && study.fact().number("curve_rank") >= WINNERS_RANK) {
        traps.add(keptCurves(study));
      }
    }
    facts.stream()
        .filter(fact -> fact.kind() == Kind.RERUN)
        .filter(
            fact ->
                fact.number("largest") > BEYOND_NOISE * noise.seedSd(fact.study(), fact.metric()))
        .forEach(fact -> traps.add(reruns(fact, noise)));
    return traps;
  }

  private static List<Finding> featureSets(Collection<Study> studies) {
    Map<String, List<Study>> byDataset = new TreeMap<>();
    for (Study study : studies) {
      if (study.fact().number("n_values") >= FEWEST_RUNS) {
        byDataset
            .computeIfAbsent(study.dataset() + "|" + study.metric(), any -> new ArrayList<>())
            .add(study);
      }
    }
    List<Finding> traps = new ArrayList<>();
    for (List<Study> same : byDataset.values()) {
      Comparator<Study> byResult =
          Comparator.comparingDouble(
              study -> study.fact().number(Orientation.COLUMN) * study.fact().number("median"));
      Study high = same.stream().max(byResult).orElseThrow();
      Study low = same.stream().min(byResult).orElseThrow();
      double distance = Math.abs(high.fact().number("median") - low.fact().number("median"));
      if (distance >= FEATURE_SET_DISTANCE && !high.features().equals(low.features())) {
        traps.add(featureSets(high, low, distance));
      }
    }
    return traps;
  }

  private static Finding featureSets(Study high, Study low, double distance) {
    long runs = high.fact().count("n_values");
    return Finding.of(
            Insight.Kind.TRAP,
            "features " + high.dataset() + " " + high.metric(),
            String.format(
                Locale.ROOT,
                "%s: feature set %s gives %.3f where %s gives %.3f (medians of %d and %d runs); features that leak the future do that. Never compare across feature sets",
                high.dataset(),
                high.features(),
                high.fact().number("median"),
                low.features(),
                low.fact().number("median"),
                runs,
                low.fact().count("n_values")))
        .where(Map.of("dataset", high.dataset()))
        .measured(high.metric(), number(distance, runs, 2))
        .trapOf("feature set " + high.features() + " is better")
        .seenIn(List.of(high.fact(), low.fact()));
  }

  private static Finding validationIsTest(Study study) {
    return Finding.of(
            Insight.Kind.TRAP,
            "validation is test " + study.name(),
            String.format(
                Locale.ROOT,
                "%s: validation and test metric are the same number in %.0f%% of %d runs; its test metric proves nothing",
                study.name(),
                100 * study.fact().number("share_same"),
                study.fact().count("n_same")))
        .where(Map.of("study", study.name()))
        .measured(
            study.metric(),
            number(study.fact().number("share_same"), study.fact().count("n_same"), 1))
        .trapOf("the test metric confirms the validation metric")
        .seenIn(List.of(study.fact()));
  }

  private static Finding keptCurves(Study study) {
    return Finding.of(
            Insight.Kind.TRAP,
            "curves " + study.name(),
            String.format(
                Locale.ROOT,
                "%s: learning curves were kept for winners (mean rank %.2f of 1 over %d of %d runs); curves of losers are missing",
                study.name(),
                study.fact().number("curve_rank"),
                study.fact().count("n_curves"),
                study.fact().count("n")))
        .where(Map.of("study", study.name()))
        .measured(
            study.metric(),
            number(study.fact().number("curve_rank"), study.fact().count("n_curves"), 1))
        .trapOf("curves like these lead to such results")
        .seenIn(List.of(study.fact()));
  }

  private static Finding reruns(Fact fact, Noise noise) {
    return Finding.of(
            Insight.Kind.TRAP,
            "reruns " + fact.study(),
            String.format(
                Locale.ROOT,
                "%s: the same configuration with the same seed gives another result in another sweep, by up to %.4f %s (%.0f%% of %d repeated ones changed; seed noise is %.5f): code or data changed silently. Compare within a sweep",
                fact.study(),
                fact.number("largest"),
                fact.metric(),
                100 * fact.number("share_changed"),
                fact.count("n"),
                noise.seedSd(fact.study(), fact.metric())))
        .where(Map.of("study", fact.study()))
        .measured(fact.metric(), number(fact.number("largest"), fact.count("n"), 1))
        .trapOf("a difference between sweeps is the effect of what was changed on purpose")
        .seenIn(List.of(fact));
  }

  static Effect number(double value, long n, long studies) {
    return new Effect(
        value,
        value,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Double.NaN,
        OptionalDouble.empty(),
        n,
        studies,
        studies,
        Double.NaN);
  }
}
