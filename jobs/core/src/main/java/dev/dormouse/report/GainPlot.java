package dev.dormouse.report;

import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import dev.dormouse.stats.Estimate;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Positions of a forest plot of gains: one row per arm in the order tried, confirmation first. Like
 * all plots here it is SVG drawn by the template: the page must work without scripts and without
 * network, and marks must link to runs, which no Java charting library offers. Pure.
 *
 * @param left where the plot begins; labels are to its left
 * @param right where the plot ends; numbers are to its right
 * @param zero position of no gain
 * @param bandFrom left end of the band of seed noise around no gain; {@code zero} if unknown
 * @param bandTo right end of that band
 */
record GainPlot(
    double width,
    double height,
    double left,
    double right,
    double zero,
    double bandFrom,
    double bandTo,
    List<Axis.Tick> ticks,
    List<Row> rows) {
  private static final double WIDTH = 1000;
  private static final double LEFT = 290;
  private static final double RIGHT = 740;
  private static final double ROW = 26;
  private static final double TOP = 26;
  private static final int LABEL = 31;

  /**
   * One arm.
   *
   * @param number row number in the table of arms; empty for the confirmation
   * @param style the phase's name, or {@code confirmed}
   * @param anchor the list of its runs
   */
  record Row(
      String label,
      String number,
      String title,
      String style,
      double y,
      Marks marks,
      Result result,
      String anchor) {}

  /**
   * Positions of the marks of a row.
   *
   * @param dots one per run; empty for a single run
   * @param bars the interval, if it is known
   * @param mean the mean, if there is a result
   */
  record Marks(List<Double> dots, List<Bar> bars, List<Double> mean) {}

  /**
   * Texts of a row.
   *
   * @param note shown instead of marks if there is no result
   */
  record Result(String gain, String interval, String note) {}

  /**
   * An interval.
   *
   * @param beyondLeft whether it continues to the left of the plot
   * @param beyondRight whether it continues to the right of the plot
   */
  record Bar(double from, double to, boolean beyondLeft, boolean beyondRight) {
    static Bar of(Axis axis, double low, double high) {
      return new Bar(axis.at(low), axis.at(high), low < axis.low(), high > axis.high());
    }
  }

  static GainPlot of(CampaignResults results, Optional<Verdict> verdict) {
    Axis axis = axis(results, verdict);
    List<Row> rows = new ArrayList<>();
    verdict
        .flatMap(Verdict::validation)
        .ifPresent(c -> rows.add(confirmed("winner, validation split", c, axis, rows.size())));
    verdict
        .flatMap(Verdict::test)
        .ifPresent(c -> rows.add(confirmed("winner, test split", c, axis, rows.size())));
    int number = 1;
    for (ArmResult arm : results.arms()) {
      rows.add(row(number++, arm, axis, rows.size()));
    }
    double noise = results.noiseSd().orElse(0);
    return new GainPlot(
        WIDTH,
        TOP + ROW * rows.size() + 34,
        LEFT,
        RIGHT,
        axis.at(0),
        axis.at(-noise),
        axis.at(noise),
        axis.ticks(),
        rows);
  }

  /** Returns an axis that fits every result and the confirmation; longer intervals are cut. */
  private static Axis axis(CampaignResults results, Optional<Verdict> verdict) {
    double noise = results.noiseSd().orElse(0);
    DoubleStream searched =
        results.arms().stream().flatMap(arm -> arm.gains().stream()).mapToDouble(gain -> gain);
    DoubleStream confirmed =
        verdict.stream()
            .flatMap(v -> Stream.of(v.validation(), v.test()))
            .flatMap(Optional::stream)
            .flatMapToDouble(c -> DoubleStream.of(c.gainLow(), c.gain(), c.gainHigh()))
            .filter(Double::isFinite);
    DoubleSummaryStatistics gains = DoubleStream.concat(searched, confirmed).summaryStatistics();
    gains.accept(0);
    return new Axis(gains.getMin() - 3 * noise, gains.getMax() + 3 * noise, LEFT, RIGHT);
  }

  private static Row confirmed(String label, Comparison comparison, Axis axis, int index) {
    String gain = Numbers.gain(comparison.gain());
    String interval = Numbers.interval(comparison.gainLow(), comparison.gainHigh());
    return new Row(
        label,
        "",
        gain + " " + interval,
        "confirmed",
        y(index),
        new Marks(
            List.of(),
            List.of(Bar.of(axis, comparison.gainLow(), comparison.gainHigh())),
            List.of(axis.at(comparison.gain()))),
        new Result(gain, interval, ""),
        ReportRuns.CONFIRMED_WINNER);
  }

  private static Row row(int number, ArmResult arm, Axis axis, int index) {
    Optional<Estimate> gain = arm.gain();
    return new Row(
        cut(arm.label(), LABEL),
        String.valueOf(number),
        arm.what() + gain.map(g -> ": " + Numbers.gain(g.mean())).orElse(""),
        arm.origin().phase().id(),
        y(index),
        new Marks(
            arm.gains().size() > 1 ? arm.gains().stream().map(axis::at).toList() : List.of(),
            gain.filter(g -> Double.isFinite(g.low())).stream()
                .map(g -> Bar.of(axis, g.low(), g.high()))
                .toList(),
            gain.stream().map(g -> axis.at(g.mean())).toList()),
        new Result(
            gain.map(g -> Numbers.gain(g.mean())).orElse(""),
            gain.map(g -> Numbers.interval(g.low(), g.high())).orElse(""),
            note(arm)),
        ReportRuns.arm(number));
  }

  /** Shortens a label to a number of letters, with typographic arrows. */
  static String cut(String label, int most) {
    String typeset = Typography.arrows(label);
    return typeset.length() <= most ? typeset : typeset.substring(0, most - 1) + "…";
  }

  private static String note(ArmResult arm) {
    if (!arm.gains().isEmpty()) {
      return "";
    }
    return arm.failures().isEmpty()
        ? (arm.open() > 0 ? "running" : "no baseline yet")
        : arm.failures().get(arm.failures().size() - 1).id();
  }

  private static double y(int index) {
    return TOP + ROW * (index + 0.5);
  }
}
