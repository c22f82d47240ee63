package dev.dormouse.report;

import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
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
 * Where to draw the gain of every arm: one row an arm in the order tried, confirmation first.
 *
 * @param left where the plot begins; to its left are labels
 * @param right where it ends; to its right are numbers
 * @param zero where no gain lies
 * @param bandFrom left end of the band of seed noise around no gain; both ends at zero if unknown
 * @param bandTo right end of it
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
   * @param number as in the table of what was tried
   * @param style the phase's name, or {@code confirmed}
   * @param dots where each run lies
   * @param bars its interval, if one is known
   * @param mean where its mean lies, if it has a result
   * @param gain that mean
   * @param interval its interval in words
   * @param note shown in place of dots when there is no result
   * @param anchor where its runs are listed
   */
  record Row(
      String label,
      String number,
      String title,
      String style,
      double y,
      List<Double> dots,
      List<Bar> bars,
      List<Double> mean,
      String gain,
      String interval,
      String note,
      String anchor) {}

  /**
   * An interval.
   *
   * @param beyondLeft whether it goes on to the left of the plot
   * @param beyondRight whether it goes on to the right of it
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

  /** Wide enough for every result and for what is confirmed; wider intervals are cut. */
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
    return new Row(
        label,
        "",
        Numbers.gain(comparison.gain())
            + " "
            + Numbers.interval(comparison.gainLow(), comparison.gainHigh()),
        "confirmed",
        y(index),
        List.of(),
        List.of(Bar.of(axis, comparison.gainLow(), comparison.gainHigh())),
        List.of(axis.at(comparison.gain())),
        Numbers.gain(comparison.gain()),
        Numbers.interval(comparison.gainLow(), comparison.gainHigh()),
        "",
        ReportRuns.CONFIRMED_WINNER);
  }

  private static Row row(int number, ArmResult arm, Axis axis, int index) {
    return new Row(
        cut(arm.label(), LABEL),
        String.valueOf(number),
        arm.what() + arm.gain().map(g -> ": " + Numbers.gain(g.mean())).orElse(""),
        arm.phase().id(),
        y(index),
        arm.gains().size() > 1 ? arm.gains().stream().map(axis::at).toList() : List.of(),
        arm
            .gain()
            .filter(gain -> Double.isFinite(gain.low()))
            .map(gain -> Bar.of(axis, gain.low(), gain.high()))
            .stream()
            .toList(),
        arm.gain().map(gain -> axis.at(gain.mean())).stream().toList(),
        arm.gain().map(gain -> Numbers.gain(gain.mean())).orElse(""),
        arm.gain().map(gain -> Numbers.interval(gain.low(), gain.high())).orElse(""),
        note(arm),
        ReportRuns.arm(number));
  }

  /** A label of at most so many letters, its arrows typeset. */
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
