package dev.dormouse.report;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.Step;
import dev.dormouse.report.BookData.ModelTried;
import dev.dormouse.report.BookData.Setting;
import dev.dormouse.report.BookData.Studied;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The words and numbers of the insight book, ready for the template. Pure.
 *
 * @param works effects whose whole interval is above 0
 * @param helpful conditions, interactions and saturations that are established
 * @param harms effects whose whole interval is below 0
 * @param failures settings with which runs fail
 * @param traps tempting but wrong conclusions
 * @param noDifference steps that many pairs tell nothing of
 * @param untried what history hardly covers
 */
record BookView(
    String minedAt,
    List<ReportView.Tile> tiles,
    IntervalPlot works,
    List<Entry> helpful,
    IntervalPlot harms,
    IntervalPlot failures,
    List<Entry> traps,
    IntervalPlot noDifference,
    String tested,
    List<Entry> untried,
    CoveragePlot coverage,
    List<Chapter> parameters,
    IntervalPlot ranks,
    List<Chapter> models,
    List<StudyLine> studies,
    List<Chapter> byStudy) {
  private static final int MOST_IN_PLOT = 20;
  private static final int MOST_IN_CHAPTER = 10;
  private static final int MOST_ENTRIES = 12;
  private static final int MOST_OF_A_KIND = 4;
  private static final int MOST_RANKS = 25;
  private static final int MOST_EVIDENCE = 4;
  private static final double FALSE_DISCOVERIES = 0.1;
  private static final String MODEL = "model";

  /**
   * An insight in words.
   *
   * @param evidence some of the runs that it rests on
   */
  record Entry(String kind, String statement, String trapOf, List<String> evidence, String id) {}

  /**
   * All about one parameter, model variant or study.
   *
   * @param summary what there is to read, in few words
   * @param effects its steps; empty for models and studies
   * @param more how many effects are not drawn
   * @param entries everything else
   */
  record Chapter(
      String anchor,
      String name,
      String summary,
      IntervalPlot effects,
      int more,
      List<Entry> entries,
      int moreEntries) {}

  /** A study in a few numbers. */
  record StudyLine(
      String anchor,
      String study,
      String metric,
      long runs,
      long results,
      String median,
      String noise,
      int models,
      String trainSamples) {}

  static BookView of(BookData data) {
    Map<String, String> parameterAnchors = anchors("parameter-", parameters(data));
    List<Insight> effects = of(data, Kind.EFFECT);
    List<Insight> reported = effects.stream().filter(i -> q(i) < FALSE_DISCOVERIES).toList();
    return new BookView(
        data.minedAt().map(ReportView::second).orElse(""),
        tiles(data, parameterAnchors.size()),
        plot(effects, i -> effect(i).low() > 0, MOST_IN_PLOT, parameterAnchors),
        Stream.of(
                Kind.CONDITION,
                Kind.INTERACTION,
                Kind.SATURATION,
                Kind.DRIFT,
                Kind.SCALING,
                Kind.COST)
            .flatMap(
                kind ->
                    of(data, kind).stream().filter(BookView::isEstablished).limit(MOST_OF_A_KIND))
            .map(BookView::entry)
            .toList(),
        plot(effects, i -> effect(i).high() < 0, MOST_IN_PLOT, parameterAnchors),
        failures(data, parameterAnchors),
        of(data, Kind.TRAP).stream().map(BookView::entry).toList(),
        noDifference(effects, parameterAnchors),
        String.format(
            Locale.ROOT,
            "%d of %d steps that were tested are reported at a false discovery rate of %s",
            reported.size(),
            effects.stream().filter(i -> effect(i).qValue().isPresent()).count(),
            Numbers.percent(FALSE_DISCOVERIES)),
        of(data, Kind.COVERAGE).stream().limit(MOST_ENTRIES).map(BookView::entry).toList(),
        CoveragePlot.of(data, parameterAnchors),
        parameterChapters(data, parameterAnchors),
        ranks(data),
        modelChapters(data),
        studyLines(data),
        studyChapters(data));
  }

  private static List<ReportView.Tile> tiles(BookData data, int parameters) {
    long models =
        data.models().stream()
            .map(ModelTried::model)
            .filter(model -> !model.isEmpty())
            .distinct()
            .count();
    return List.of(
        tile(data.studies().stream().mapToLong(Studied::runs).sum(), "training runs", "studies"),
        tile(data.studies().size(), "studies", "studies"),
        tile(models, "model variants", "models"),
        tile(parameters, "parameters", "parameters"),
        tile(data.insights().size(), "insights", "works"),
        tile(of(data, Kind.TRAP).size(), "traps", "fails"));
  }

  private static ReportView.Tile tile(long number, String label, String anchor) {
    return new ReportView.Tile(String.format(Locale.ROOT, "%,d", number), label, anchor);
  }

  private static List<Insight> of(BookData data, Kind kind) {
    return data.insights().stream().filter(i -> i.kind() == kind).toList();
  }

  /** Parameters by how many runs set them, then those that only insights speak of. */
  private static List<String> parameters(BookData data) {
    Map<String, Long> runs = new TreeMap<>();
    data.insights().stream()
        .flatMap(i -> i.parameters().stream())
        .forEach(parameter -> runs.putIfAbsent(parameter, 0L));
    data.settings().forEach(s -> runs.merge(s.parameter(), s.runs(), Long::sum));
    runs.remove(MODEL);
    return runs.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, String> anchors(String prefix, List<String> names) {
    Map<String, String> anchors = new LinkedHashMap<>();
    names.forEach(name -> anchors.put(name, prefix + (anchors.size() + 1)));
    return anchors;
  }

  private static boolean isEstablished(Insight insight) {
    return switch (insight.kind()) {
      case SATURATION -> true;
      case COST -> insight.effect().filter(e -> e.low() > 1 || e.high() < 1).isPresent();
      default -> q(insight) < FALSE_DISCOVERIES;
    };
  }

  private static double q(Insight insight) {
    return insight.effect().map(Effect::qValue).orElse(OptionalDouble.empty()).orElse(1);
  }

  private static Effect effect(Insight insight) {
    return insight.effect().orElseThrow();
  }

  private static IntervalPlot plot(
      List<Insight> insights, Predicate<Insight> chosen, int most, Map<String, String> anchors) {
    return IntervalPlot.of(
        insights.stream()
            .filter(chosen)
            // What is established comes first; within that the most useful.
            .sorted(Comparator.comparing(i -> q(i) >= FALSE_DISCOVERIES))
            .limit(most)
            .map(i -> effectItem(i, anchors))
            .toList());
  }

  private static IntervalPlot.Item effectItem(Insight insight, Map<String, String> anchors) {
    Effect e = effect(insight);
    return new IntervalPlot.Item(
        label(insight),
        insight.statement(),
        (e.low() > 0 ? "gain" : e.high() < 0 ? "loss" : "unclear")
            + (q(insight) < FALSE_DISCOVERIES ? "" : " hint"),
        e.mean(),
        e.low(),
        e.high(),
        e.predictionLow().orElse(Double.NaN),
        e.predictionHigh().orElse(Double.NaN),
        Numbers.gain(e.mean()),
        Numbers.interval(e.low(), e.high()),
        String.format(Locale.ROOT, "%,d pairs, %d st.", e.nPairs(), e.nStudies()),
        anchors.getOrDefault(insight.parameters().get(0), ""));
  }

  /** The step that an effect is about: {@code batch_norm false -> true}. */
  private static String label(Insight insight) {
    String name = String.join(", ", insight.parameters());
    return name + " " + insight.step().text();
  }

  private static IntervalPlot failures(BookData data, Map<String, String> anchors) {
    return IntervalPlot.ofShares(
        of(data, Kind.FAILURE).stream()
            .filter(i -> i.effect().isPresent())
            .limit(MOST_IN_PLOT)
            .map(
                i -> {
                  Effect e = effect(i);
                  String settings = i.statement().replaceFirst(":.*", "");
                  return new IntervalPlot.Item(
                      settings,
                      i.statement(),
                      "loss",
                      e.mean(),
                      e.low(),
                      e.high(),
                      Double.NaN,
                      Double.NaN,
                      Numbers.percent(e.mean()),
                      "[" + Numbers.percent(e.low()) + ", " + Numbers.percent(e.high()) + "]",
                      String.format(Locale.ROOT, "%,d runs", e.nPairs()),
                      i.parameters().isEmpty()
                          ? ""
                          : anchors.getOrDefault(i.parameters().get(0), ""));
                })
            .toList());
  }

  /** The steps with the narrowest intervals among those that tell no direction. */
  private static IntervalPlot noDifference(List<Insight> effects, Map<String, String> anchors) {
    return IntervalPlot.of(
        effects.stream()
            .filter(i -> effect(i).low() <= 0 && effect(i).high() >= 0)
            .filter(i -> effect(i).nStudies() > 1)
            .sorted(
                Comparator.comparingDouble(
                        (Insight i) -> Math.max(-effect(i).low(), effect(i).high()))
                    .thenComparing(Insight::insightId))
            .limit(MOST_IN_CHAPTER)
            .map(i -> effectItem(i, anchors))
            .toList());
  }

  private static IntervalPlot ranks(BookData data) {
    Map<String, String> anchors = anchors("model-", modelNames(data));
    return IntervalPlot.ofShares(
        of(data, Kind.MODEL_RANK).stream()
            .filter(i -> i.effect().isPresent())
            .sorted(
                Comparator.comparingDouble((Insight i) -> -effect(i).mean())
                    .thenComparing(i -> i.step().to()))
            .limit(MOST_RANKS)
            .map(
                i -> {
                  Effect e = effect(i);
                  return new IntervalPlot.Item(
                      i.step().to(),
                      i.statement(),
                      "validation",
                      e.mean(),
                      e.low(),
                      e.high(),
                      Double.NaN,
                      Double.NaN,
                      String.format(Locale.ROOT, "%.2f", e.mean()),
                      String.format(Locale.ROOT, "[%.2f, %.2f]", e.low(), e.high()),
                      e.nStudies() + " studies",
                      anchors.getOrDefault(i.step().to(), ""));
                })
            .toList());
  }

  private static List<Chapter> parameterChapters(BookData data, Map<String, String> anchors) {
    Map<String, List<Setting>> settings =
        data.settings().stream().collect(Collectors.groupingBy(Setting::parameter));
    List<Chapter> chapters = new ArrayList<>();
    anchors.forEach(
        (parameter, anchor) -> {
          List<Insight> its =
              data.insights().stream().filter(i -> i.parameters().contains(parameter)).toList();
          List<Setting> tried = settings.getOrDefault(parameter, List.of());
          long runs = tried.stream().mapToLong(Setting::runs).sum();
          long varied = tried.stream().filter(s -> s.settings() > 1).count();
          chapters.add(
              chapter(
                  anchor,
                  parameter,
                  String.format(
                      Locale.ROOT,
                      "%,d runs, varied in %d of %d studies",
                      runs,
                      varied,
                      tried.size()),
                  its));
        });
    return chapters;
  }

  private static Chapter chapter(String anchor, String name, String summary, List<Insight> its) {
    List<Insight> effects =
        its.stream()
            .filter(i -> i.kind() == Kind.EFFECT && i.effect().isPresent())
            .sorted(
                Comparator.comparing((Insight i) -> !(effect(i).low() > 0 || effect(i).high() < 0))
                    .thenComparing(i -> -effect(i).nPairs()))
            .toList();
    List<Entry> entries =
        its.stream().filter(i -> i.kind() != Kind.EFFECT).map(BookView::entry).toList();
    return new Chapter(
        anchor,
        name,
        summary,
        IntervalPlot.of(
            effects.stream().limit(MOST_IN_CHAPTER).map(i -> effectItem(i, Map.of())).toList()),
        Math.max(0, effects.size() - MOST_IN_CHAPTER),
        entries.stream().limit(MOST_ENTRIES).toList(),
        Math.max(0, entries.size() - MOST_ENTRIES));
  }

  private static List<String> modelNames(BookData data) {
    return data.models().stream()
        .map(ModelTried::model)
        .filter(model -> !model.isEmpty())
        .distinct()
        .toList();
  }

  private static List<Chapter> modelChapters(BookData data) {
    List<Chapter> chapters = new ArrayList<>();
    anchors("model-", modelNames(data))
        .forEach(
            (model, anchor) -> {
              List<ModelTried> tried =
                  data.models().stream().filter(m -> m.model().equals(model)).toList();
              List<Insight> its =
                  data.insights().stream().filter(i -> isAboutModel(i, model)).toList();
              chapters.add(
                  chapter(
                      anchor,
                      model,
                      String.format(
                          Locale.ROOT,
                          "%,d configurations in %d studies",
                          tried.stream().mapToLong(ModelTried::configurations).sum(),
                          tried.size()),
                      its));
            });
    return chapters;
  }

  private static boolean isAboutModel(Insight insight, String model) {
    return insight.kind() == Kind.MODEL_RANK
        ? insight.step().equals(new Step.Value(model))
        : insight.conditions().getOrDefault("model_variant", "").equals(model)
            || insight.modelVariants().equals(List.of(model));
  }

  private static List<StudyLine> studyLines(BookData data) {
    Map<String, String> noise = new TreeMap<>();
    of(data, Kind.NOISE).stream()
        .filter(i -> i.effect().isPresent() && !i.studies().isEmpty())
        .forEach(i -> noise.put(i.studies().get(0), Numbers.metric(effect(i).mean())));
    Map<String, Set<String>> models =
        data.models().stream()
            .collect(
                Collectors.groupingBy(
                    ModelTried::study, Collectors.mapping(ModelTried::model, Collectors.toSet())));
    List<StudyLine> lines = new ArrayList<>();
    for (Studied study : data.studies()) {
      lines.add(
          new StudyLine(
              "study-" + (lines.size() + 1),
              study.study(),
              study.metric(),
              study.runs(),
              study.results(),
              study.median().isPresent() ? Numbers.metric(study.median().getAsDouble()) : "",
              noise.getOrDefault(study.study(), ""),
              models.getOrDefault(study.study(), Set.of()).size(),
              study.trainSamples().isPresent()
                  ? String.format(Locale.ROOT, "%,.0f", study.trainSamples().getAsDouble())
                  : ""));
    }
    return lines;
  }

  /** What is known of one study alone. */
  private static List<Chapter> studyChapters(BookData data) {
    List<Chapter> chapters = new ArrayList<>();
    int number = 0;
    for (Studied study : data.studies()) {
      number++;
      List<Insight> its =
          data.insights().stream().filter(i -> i.studies().equals(List.of(study.study()))).toList();
      chapters.add(
          chapter(
              "study-" + number,
              study.study(),
              String.format(Locale.ROOT, "%,d runs", study.runs()),
              its));
    }
    return chapters;
  }

  private static Entry entry(Insight insight) {
    return new Entry(
        insight.kind().id().replace('_', ' '),
        ReportWords.sentence(insight.statement()),
        Optional.of(insight.trapOf()).filter(text -> !text.isEmpty()).orElse(""),
        insight.evidence().stream().limit(MOST_EVIDENCE).toList(),
        insight.insightId());
  }
}
