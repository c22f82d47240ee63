package dev.dormouse.mine;

import dev.dormouse.mine.Pooling.Answer;
import dev.dormouse.mine.Pooling.Question;
import dev.dormouse.model.Insight;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Steps whose gain depends on where they are taken: on the model variant, on the amount of training
 * data, or on when they were tried (drift). Each is the slope of a meta-regression over slices.
 * Pure.
 */
final class ConditionInsights {
  /** Less than that for a model variant may be a single odd run. */
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

  /** Conditions of all sorts, each sort tested together; only those that are established. */
  static List<Finding> of(EffectInsights effects, Map<String, Study> studies) {
    ConditionInsights conditions = new ConditionInsights(effects.precision(), studies);
    List<Finding> findings = new ArrayList<>();
    findings.addAll(conditions.byModel(effects.answers()));
    findings.addAll(conditions.byDataSize(effects.answers()));
    findings.addAll(conditions.byTime(effects.answers()));
    return findings;
  }

  private List<Finding> byModel(List<Answer> steps) {
    List<Question> asked = new ArrayList<>();
    for (Answer step : steps) {
      List<Fact> slices = step.question().slices();
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
          asked.add(question(slices, variant, isVariant));
        }
      }
    }
    return Pooling.reported(asked).stream()
        .map(
            answer -> {
              Fact any = answer.question().slices().get(0);
              String variant = answer.question().condition();
              return Finding.of(
                      Insight.Kind.CONDITION,
                      EffectInsights.identity(any) + "|model_variant=" + variant,
                      String.format(
                          Locale.ROOT,
                          "%s gains %s for %s than for other models (%s there, %s elsewhere; %d slices)",
                          EffectInsights.text(any),
                          more(answer),
                          variant,
                          meanWhere(answer.question(), 1),
                          meanWhere(answer.question(), 0),
                          answer.question().slices().size()))
                  .where(Map.of("model_variant", variant))
                  .about(any.parameters(), any.from().get(0), any.to().get(0))
                  .measured(any.metric(), answer.numbers())
                  .seenIn(answer.question().slices());
            })
        .toList();
  }

  private static double pairs(List<Fact> slices, String variant) {
    return slices.stream()
        .filter(slice -> slice.modelVariant().equals(variant))
        .mapToDouble(slice -> slice.number("n_pairs"))
        .sum();
  }

  private List<Finding> byDataSize(List<Answer> steps) {
    List<Question> asked = new ArrayList<>();
    for (Answer step : steps) {
      List<Fact> sized =
          step.question().slices().stream()
              .filter(slice -> studies.get(slice.study()).trainSamples().isPresent())
              .toList();
      long datasets =
          sized.stream().map(slice -> studies.get(slice.study()).dataset()).distinct().count();
      if (datasets >= FEWEST_DATASETS) {
        double[] decades = covariate(sized, this::decades);
        if (Samples.variance(decades) > 0) {
          asked.add(question(sized, "train_samples", centred(decades)));
        }
      }
    }
    return Pooling.reported(asked).stream()
        .map(
            answer -> {
              Question question = answer.question();
              Fact any = question.slices().get(0);
              return Finding.of(
                      Insight.Kind.CONDITION,
                      EffectInsights.identity(any) + "|train_samples",
                      String.format(
                          Locale.ROOT,
                          "%s gains %s for each tenfold of training data (%s to %s examples, %d slices of %d studies)",
                          EffectInsights.text(any),
                          more(answer),
                          samples(question, false),
                          samples(question, true),
                          question.slices().size(),
                          question.studies()))
                  .where(Map.of("train_samples", "x10"))
                  .about(any.parameters(), any.from().get(0), any.to().get(0))
                  .measured(any.metric(), answer.numbers())
                  .seenIn(question.slices());
            })
        .toList();
  }

  private List<Finding> byTime(List<Answer> steps) {
    List<Question> asked = new ArrayList<>();
    for (Answer step : steps) {
      List<Fact> dated =
          step.question().slices().stream().filter(slice -> slice.knows("at")).toList();
      if (dated.size() < FEWEST_SLICES_OVER_TIME) {
        continue;
      }
      double[] years = covariate(dated, slice -> slice.number("at") / SECONDS_A_YEAR);
      if (Samples.variance(years) > SHORTEST_YEARS * SHORTEST_YEARS) {
        asked.add(question(dated, "time", centred(years)));
      }
    }
    return Pooling.reported(asked).stream()
        .map(
            answer -> {
              Question question = answer.question();
              Fact any = question.slices().get(0);
              return Finding.of(
                      Insight.Kind.DRIFT,
                      EffectInsights.identity(any),
                      String.format(
                          Locale.ROOT,
                          "%s gains %s for each year later that it was tried (%d slices of %d studies): what was learnt of it early may not hold now",
                          EffectInsights.text(any),
                          more(answer),
                          question.slices().size(),
                          question.studies()))
                  .about(any.parameters(), any.from().get(0), any.to().get(0))
                  .measured(any.metric(), answer.numbers())
                  .seenIn(question.slices());
            })
        .toList();
  }

  private Question question(List<Fact> slices, String condition, double[] covariate) {
    return new Question(
        slices,
        precision.observations(slices),
        condition,
        Arrays.stream(covariate).boxed().toList());
  }

  private static double[] covariate(
      List<Fact> slices, java.util.function.ToDoubleFunction<Fact> value) {
    return slices.stream().mapToDouble(value).toArray();
  }

  private static double[] centred(double[] values) {
    double mean = Samples.mean(values);
    return Arrays.stream(values).map(value -> value - mean).toArray();
  }

  private double decades(Fact slice) {
    return Math.log10((double) studies.get(slice.study()).trainSamples().orElseThrow());
  }

  private String samples(Question question, boolean largest) {
    java.util.stream.LongStream known =
        question.slices().stream()
            .map(slice -> studies.get(slice.study()).trainSamples())
            .mapToLong(OptionalLong::orElseThrow);
    return String.format(
        Locale.ROOT, "%.1e", (double) (largest ? known.max() : known.min()).orElseThrow());
  }

  private static String more(Answer answer) {
    return InsightWords.gain(answer.estimate(), answer.question().metric())
        + (answer.estimate().mean() > 0 ? " more" : " less");
  }

  /** Mean gain of the slices whose covariate is this. */
  private static String meanWhere(Question question, double value) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < question.covariate().size(); i++) {
      if (question.covariate().get(i) == value) {
        sum += question.observations().get(i).effect();
        n++;
      }
    }
    return InsightWords.signed(sum / n);
  }
}
