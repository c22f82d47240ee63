package dev.dormouse.eval.bench;

import dev.dormouse.eval.replay.ComparedRegret;
import java.util.List;
import java.util.Locale;

/** Draws the regret of several methods over evaluations as one SVG file. */
public final class RegretPlot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;
  private static final int LEFT = 60;
  private static final int RIGHT = 560;
  private static final int TOP = 30;
  private static final int BOTTOM = 370;

  /** The end of the axis; the first evaluations of some methods lie above it. */
  private static final double MOST = 1;

  private static final List<String> COLOURS =
      List.of(
          "#0b5fff", "#6b9bff", "#b3ccff", "#888888", "#d1495b", "#edae49", "#c77d0a", "#2e8b57",
          "#7d4e9e", "#5c4033");

  private RegretPlot() {}

  /** Draws the mean regret of each method. */
  public static String svg(List<ComparedRegret> methods) {
    int budget = methods.get(0).regret().size();
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            WIDTH, HEIGHT));
    for (int tenth = 0; tenth <= 10; tenth += 2) {
      double y = y(tenth / 10.0);
      svg.append(
          format(
              "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>%n",
              LEFT, RIGHT, y, y, LEFT - 8, y + 4, tenth / 10.0));
    }
    for (int n = 1; n <= budget; n++) {
      if (n == 1 || n % 5 == 0) {
        svg.append(
            format(
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                x(n, budget), BOTTOM + 18, n));
      }
    }
    svg.append(
        format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">evaluations</text>%n"
                + "<text x=\"%d\" y=\"%d\">mean normalised regret</text>%n",
            (LEFT + RIGHT) / 2, BOTTOM + 38, LEFT, TOP - 12));
    for (int i = 0; i < methods.size(); i++) {
      svg.append(line(methods.get(i), COLOURS.get(i % COLOURS.size()), i));
    }
    return svg.append(format("</svg>%n")).toString();
  }

  private static String line(ComparedRegret method, String colour, int row) {
    int budget = method.regret().size();
    StringBuilder points = new StringBuilder();
    for (int n = 1; n <= budget; n++) {
      points.append(format("%.1f,%.1f ", x(n, budget), y(method.regret().get(n - 1))));
    }
    int y = TOP + 10 + 20 * row;
    return format(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>%n"
            + "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>%n"
            + "<text x=\"%d\" y=\"%d\">%s</text>%n",
        points.toString().strip(),
        colour,
        row == 0 ? "3" : "1.5",
        RIGHT + 20,
        RIGHT + 44,
        y,
        y,
        colour,
        RIGHT + 52,
        y + 4,
        method.name().strip());
  }

  private static double x(int n, int budget) {
    return LEFT + (RIGHT - LEFT) * (n - 1.0) / Math.max(1, budget - 1);
  }

  private static double y(double regret) {
    return BOTTOM - (BOTTOM - TOP) * Math.min(MOST, Math.max(0, regret)) / MOST;
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
