package dev.dormouse.report;

import dev.dormouse.model.Insight;
import dev.dormouse.report.BookData.Setting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Builds one chapter per parameter. Pure. */
final class ParameterChapters {
  private static final String MODEL = "model";

  private ParameterChapters() {}

  /**
   * Returns the chapter's anchor of each parameter: first those that most runs set, last those that
   * only insights mention.
   */
  static Map<String, String> anchors(BookData data) {
    Map<String, Long> runs = new TreeMap<>();
    data.insights().stream()
        .flatMap(i -> i.parameters().stream())
        .forEach(parameter -> runs.putIfAbsent(parameter, 0L));
    data.settings().forEach(s -> runs.merge(s.parameter(), s.runs(), Long::sum));
    runs.remove(MODEL);
    Map<String, String> anchors = new LinkedHashMap<>();
    runs.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry::getKey))
        .forEach(e -> anchors.put(e.getKey(), "parameter-" + (anchors.size() + 1)));
    return anchors;
  }

  static List<Chapter> of(BookData data, Map<String, String> anchors) {
    Map<String, List<Setting>> settings =
        data.settings().stream().collect(Collectors.groupingBy(Setting::parameter));
    List<Chapter> chapters = new ArrayList<>();
    anchors.forEach(
        (parameter, anchor) -> {
          List<Insight> insights =
              data.insights().stream().filter(i -> i.parameters().contains(parameter)).toList();
          List<Setting> tried = settings.getOrDefault(parameter, List.of());
          chapters.add(Chapter.of(anchor, parameter, summary(tried), insights));
        });
    return chapters;
  }

  private static String summary(List<Setting> tried) {
    return String.format(
        Locale.ROOT,
        "%,d runs, varied in %d of %d studies",
        tried.stream().mapToLong(Setting::runs).sum(),
        tried.stream().filter(s -> s.settings() > 1).count(),
        tried.size());
  }
}
