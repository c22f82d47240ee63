package dev.dormouse.report;

import dev.dormouse.model.Insight.Kind;
import dev.dormouse.report.BookData.ModelTried;
import dev.dormouse.report.BookData.Studied;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * The studies, largest first. Pure.
 *
 * @param chapters insights that rest on one study alone
 */
record StudiesSection(List<StudyLine> lines, List<Chapter> chapters) {

  /**
   * A study in a few numbers.
   *
   * @param results number of runs with a usable result
   * @param median of these results
   * @param noise standard deviation over seeds; empty if unknown
   * @param models number of model variants
   */
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

  static StudiesSection of(BookData data) {
    Map<String, String> noise = new TreeMap<>();
    data.insights(Kind.NOISE).stream()
        .filter(i -> i.effect().isPresent() && !i.studies().isEmpty())
        .forEach(i -> noise.put(i.studies().get(0), Numbers.metric(Effects.effect(i).mean())));
    Map<String, Set<String>> models =
        data.models().stream()
            .collect(
                Collectors.groupingBy(
                    ModelTried::study, Collectors.mapping(ModelTried::model, Collectors.toSet())));
    List<StudyLine> lines = new ArrayList<>();
    List<Chapter> chapters = new ArrayList<>();
    for (Studied study : data.studies()) {
      String anchor = "study-" + (lines.size() + 1);
      lines.add(
          new StudyLine(
              anchor,
              study.study(),
              study.metric(),
              study.runs(),
              study.results(),
              text(study.median(), Numbers::metric),
              noise.getOrDefault(study.study(), ""),
              models.getOrDefault(study.study(), Set.of()).size(),
              text(study.trainSamples(), n -> String.format(Locale.ROOT, "%,.0f", n))));
      chapters.add(chapter(data, study, anchor));
    }
    return new StudiesSection(lines, chapters);
  }

  private static String text(OptionalDouble number, DoubleFunction<String> format) {
    return number.isPresent() ? format.apply(number.getAsDouble()) : "";
  }

  private static Chapter chapter(BookData data, Studied study, String anchor) {
    return Chapter.of(
        anchor,
        study.study(),
        String.format(Locale.ROOT, "%,d runs", study.runs()),
        data.insights().stream().filter(i -> i.studies().equals(List.of(study.study()))).toList());
  }
}
