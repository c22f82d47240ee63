package dev.dormouse.report;

import dev.dormouse.report.BookData.Setting;
import dev.dormouse.report.BookData.Studied;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Positions of a heat map: one row per parameter, one column per study, darker for more values
 * tried, empty where the parameter was never set. Pure.
 *
 * @param columns the studies, largest first
 */
record CoveragePlot(double width, double height, List<Column> columns, List<Row> rows) {
  private static final int MOST_PARAMETERS = 30;
  private static final int MOST_STUDIES = 32;
  private static final int LABEL = 24;
  private static final double LEFT = 210;
  private static final double TOP = 112;
  private static final double SIDE = 20;
  private static final double GAP = 2;
  private static final double RIGHT = 80;

  /** A study's name at its column. */
  record Column(double x, String label) {}

  /** A parameter's cells. */
  record Row(double y, String label, String anchor, List<Cell> cells) {}

  /**
   * A parameter in a study.
   *
   * @param style {@code one}, {@code few} or {@code many} values
   */
  record Cell(double x, String style, String title) {}

  static CoveragePlot of(BookData data, Map<String, String> anchors) {
    List<Studied> studies = data.studies().stream().limit(MOST_STUDIES).toList();
    List<Column> columns = new ArrayList<>();
    for (Studied study : studies) {
      columns.add(new Column(x(columns.size()) + 13, GainPlot.cut(study.dataset(), LABEL)));
    }
    Map<String, Map<String, Setting>> byParameter =
        data.settings().stream()
            .collect(
                Collectors.groupingBy(
                    Setting::parameter,
                    Collectors.toMap(Setting::study, s -> s, (one, other) -> one)));
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, String> parameter : anchors.entrySet()) {
      Map<String, Setting> its = byParameter.getOrDefault(parameter.getKey(), Map.of());
      if (rows.size() < MOST_PARAMETERS && !its.isEmpty()) {
        rows.add(
            new Row(
                TOP + (SIDE + GAP) * rows.size(),
                GainPlot.cut(parameter.getKey(), LABEL),
                parameter.getValue(),
                cells(parameter.getKey(), its, studies)));
      }
    }
    return new CoveragePlot(
        x(columns.size()) + RIGHT, TOP + (SIDE + GAP) * rows.size() + 4, columns, rows);
  }

  private static List<Cell> cells(
      String parameter, Map<String, Setting> its, List<Studied> studies) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < studies.size(); i++) {
      Setting setting = its.get(studies.get(i).study());
      if (setting != null) {
        cells.add(
            new Cell(
                x(i),
                setting.settings() == 1 ? "one" : setting.settings() <= 3 ? "few" : "many",
                String.format(
                    Locale.ROOT,
                    "%s in %s: %d values in %,d runs, mostly %s",
                    parameter,
                    studies.get(i).study(),
                    setting.settings(),
                    setting.runs(),
                    setting.commonest())));
      }
    }
    return cells;
  }

  private static double x(int column) {
    return LEFT + (SIDE + GAP) * column;
  }
}
