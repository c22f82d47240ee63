package dev.dormouse.mine;

import dev.dormouse.mine.Pooling.TestResult;
import dev.dormouse.mine.Pooling.TestedEffect;
import dev.dormouse.model.Insight;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Finds steps whose gain depends on the model variant, on the amount of training data, or on the
 * time at which they were tried (drift). Each is the slope of a meta-regression over slices. Pure.
 */
final class ConditionInsights {
  /** With fewer pairs of a model variant, a single outlier could make the difference. */
  private static final int FEWEST_PAIRS = 5;

  private static final int FEWEST_OTHER_SLICES = 2;
  private static final int FEWEST_SLICES_OVER_TIME = 4;
  private static final int FEWEST_DATASETS = 3;
  private static final double SECONDS_A_YEAR = 365.25 * 24 * 3600;
  private static final double SHORTEST_YEARS = 0.25;

  private final SlicePrecision precision;
  private final Map<String, Study> studies;

  private ConditionInsights(SlicePrecision precision, Map<String, Study> studies) {
    this.precision = precision;
    this.studies = studies;
  }

  /** Returns the conditions that are established; those of one sort are tested together. */
  static List<Finding> of(EffectInsights effects, Map<String, Study> studies) {
    ConditionInsights conditions = new ConditionInsights(effects.precision(), studies);
    List<Finding> findings = new ArrayList<>();
    findings.addAll(conditions.byModel(effects.results()));
    findings.addAll(conditions.byDataSize(effects.results()));
    findings.addAll(conditions.byTime(effects.results()));
    return findings;
  }

  private List<Finding> byModel(List<TestResult> steps) {
    List<TestedEffect> tests = new ArrayList<>();
    for (TestResult step : steps) {
      List<Fact> slices = step.tested().slices();
      TreeSet<String> variants = new TreeSet<>();
      slices.forEach(slice -> variants.add(slice.modelVariant()));
      variants.remove("");
      if (variants.size() < 2) {
        continue;
      }
      for (String variant : variants) {
        double[] isVariant = covariate(slices, s -> s.modelVariant().equals(variant) ? 1 : 0);
        double others = slices.size() - Arrays.stream(isVariant).sum();
        if (pairs(slices, variant) >= FEWEST_PAIRS && others >= FEWEST_OTHER_SLICES) {
          tests.add(test(slices, variant, isVariant));
        }
      }
    }
    return Pooling.reported(tests).stream()
        .map(
            result -> {
              Fact any = result.tested().slices().get(0);
              String variant = result.tested().condition();
              return Finding.of(
                      Insight.Kind.CONDITION,
                      EffectInsights.identity(any) + "|model_variant=" + variant,
                      String.format(
                          Locale.ROOT,
                          "%s gains %s for %s than for other models (%s there, %s elsewhere; %d"
                              + " slices)",
                          EffectInsights.text(any),
                          gainOfCondition(result),
                          variant,
                          meanWhere(result.tested(), 1),
                          meanWhere(result.tested(), 0),
                          result.tested().slices().size()))
                  .where(Map.of("model_variant", variant))
                  .about(any.parameters(), any.step())
                  .measured(any.metric(), result.numbers())
                  .seenIn(result.tested().slices());
            })
        .toList();
  }

  private static double pairs(List<Fact> slices, String variant) {
    return slices.stream()
        .filter(slice -> slice.modelVariant().equals(variant))
        .mapToDouble(slice -> slice.number("n_pairs"))
        .sum();
  }

  private List<Finding> byDataSize(List<TestResult> steps) {
    List<TestedEffect> tests = new ArrayList<>();
    for (TestResult step : steps) {
      List<Fact> sized =
          step.tested().slices().stream()
              .filter(slice -> studies.get(slice.study()).trainSamples().isPresent())
              .toList();
      long datasets =
          sized.stream().map(slice -> studies.get(slice.study()).dataset()).distinct().count();
      if (datasets >= FEWEST_DATASETS) {
        double[] decades = covariate(sized, this::decades);
        if (Samples.variance(decades) > 0) {
          tests.add(test(sized, "train_samples", centred(decades)));
        }
      }
    }
    return Pooling.reported(tests).stream()
        .map(
            result -> {
              TestedEffect tested = result.tested();
              Fact any = tested.slices().get(0);
              return Finding.of(
                      Insight.Kind.CONDITION,
                      EffectInsights.identity(any) + "|train_samples",
                      String.format(
                          Locale.ROOT,
                          "%s gains %s for each tenfold of training data (%s to %s examples, %d"
                              + " slices of %d studies)",
                          EffectInsights.text(any),
                          gainOfCondition(result),
                          fewestSamples(tested),
                          mostSamples(tested),
                          tested.slices().size(),
                          tested.studies()))
                  .where(Map.of("train_samples", "x10"))
                  .about(any.parameters(), any.step())
                  .measured(any.metric(), result.numbers())
                  .seenIn(tested.slices());
            })
        .toList();
  }

  private List<Finding> byTime(List<TestResult> steps) {
    List<TestedEffect> tests = new ArrayList<>();
    for (TestResult step : steps) {
      List<Fact> dated = step.tested().slices().stream().filter(slice -> slice.has("at")).toList();
      if (dated.size() < FEWEST_SLICES_OVER_TIME) {
        continue;
      }
      double[] years = covariate(dated, slice -> slice.number("at") / SECONDS_A_YEAR);
      if (Samples.variance(years) > SHORTEST_YEARS * SHORTEST_YEARS) {
        tests.add(test(dated, "time", centred(years)));
      }
    }
    return Pooling.reported(tests).stream()
        .map(
            result -> {
              TestedEffect tested = result.tested();
              Fact any = tested.slices().get(0);
              return Finding.of(
                      Insight.Kind.DRIFT,
                      EffectInsights.identity(any),
                      String.format(
                          Locale.ROOT,
                          "%s gains %s for each year later that it was tried (%d slices of %d"
                              + " studies): what was learnt of it early may not hold now",
                          EffectInsights.text(any),
                          gainOfCondition(result),
                          tested.slices().size(),
                          tested.studies()))
                  .about(any.parameters(), any.step())
                  .measured(any.metric(), result.numbers())
                  .seenIn(tested.slices());
            })
        .toList();
  }

  private TestedEffect test(List<Fact> slices, String condition, double[] covariate) {
    return new TestedEffect(
        slices,
        precision.observations(slices),
        condition,
        Arrays.stream(covariate).boxed().toList());
  }

  private static double[] covariate(List<Fact> slices, ToDoubleFunction<Fact> value) {
    return slices.stream().mapToDouble(value).toArray();
  }

  private static double[] centred(double[] values) {
    double mean = Samples.mean(values);
    return Arrays.stream(values).map(value -> value - mean).toArray();
  }

  private double decades(Fact slice) {
    return Math.log10((double) studies.get(slice.study()).trainSamples().orElseThrow());
  }

  private String fewestSamples(TestedEffect tested) {
    return samples(trainSamples(tested).min());
  }

  private String mostSamples(TestedEffect tested) {
    return samples(trainSamples(tested).max());
  }

  private LongStream trainSamples(TestedEffect tested) {
    return tested.slices().stream()
        .map(slice -> studies.get(slice.study()).trainSamples())
        .mapToLong(OptionalLong::orElseThrow);
  }

  private static String samples(OptionalLong count) {
    return String.format(Locale.ROOT, "%.1e", (double) count.orElseThrow());
  }

  private static String gainOfCondition(TestResult result) {
    return InsightWords.gain(result.estimate(), result.tested().metric())
        + (result.estimate().mean() > 0 ? " more" : " less");
  }

  /** Returns the mean gain of the slices whose covariate has this value. */
  private static String meanWhere(TestedEffect tested, double value) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < tested.covariate().size(); i++) {
      if (tested.covariate().get(i) == value) {
        sum += tested.observations().get(i).effect();
        n++;
      }
    }
    return InsightWords.signed(sum / n);
  }
}
