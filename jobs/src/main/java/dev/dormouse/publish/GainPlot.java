package dev.dormouse.publish;

import dev.dormouse.campaign.Verdict;
import dev.dormouse.campaign.Verdict.Comparison;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Where to draw the gain of every arm: one row an arm in the order tried, confirmation first.
 *
 * @param zero where no gain lies
 * @param bandFrom left end of the band of seed noise around no gain; both ends at zero if unknown
 * @param bandTo right end of it
 */
record GainPlot(
    double width,
    double height,
    double left,
    double zero,
    double bandFrom,
    double bandTo,
    List<Axis.Tick> ticks,
    List<Row> rows) {
  private static final double WIDTH = 900;
  private static final double LEFT = 330;
  private static final double RIGHT = 880;
  private static final double ROW = 24;
  private static final int LABEL = 48;

  /**
   * One arm.
   *
   * @param style the phase's name, or {@code confirmed}
   * @param dots where each run lies
   * @param bars its interval, if one is known
   * @param note shown in place of dots when there is no result
   */
  record Row(
      String label,
      String title,
      String style,
      double y,
      List<Double> dots,
      List<Bar> bars,
      String note) {}

  /** An interval. */
  record Bar(double from, double to) {}

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
        ROW * (rows.size() + 1) + 20,
        LEFT,
        axis.at(0),
        axis.at(-noise),
        axis.at(noise),
        axis.ticks(),
        rows);
  }

  private static Axis axis(CampaignResults results, Optional<Verdict> verdict) {
    double noise = results.noiseSd().orElse(0);
    DoubleStream searched =
        results.arms().stream().flatMap(arm -> arm.gains().stream()).mapToDouble(gain -> gain);
    DoubleStream confirmed =
        verdict.stream()
            .flatMap(v -> Stream.of(v.validation(), v.test()))
            .flatMap(Optional::stream)
            .mapToDouble(Comparison::gain);
    DoubleSummaryStatistics gains = DoubleStream.concat(searched, confirmed).summaryStatistics();
    gains.accept(0);
    return new Axis(gains.getMin() - 3 * noise, gains.getMax() + 3 * noise, LEFT, RIGHT);
  }

  private static Row confirmed(String label, Comparison comparison, Axis axis, int index) {
    return new Row(
        label,
        Numbers.gain(comparison.gain())
            + " "
            + Numbers.interval(comparison.gainLow(), comparison.gainHigh()),
        "confirmed",
        y(index),
        List.of(axis.at(comparison.gain())),
        List.of(new Bar(axis.at(comparison.gainLow()), axis.at(comparison.gainHigh()))),
        "");
  }

  private static Row row(int number, ArmResult arm, Axis axis, int index) {
    String full = number + "  " + arm.label();
    String label = full.length() <= LABEL ? full : full.substring(0, LABEL - 1) + "…";
    return new Row(
        label,
        arm.what() + arm.gain().map(g -> ": " + Numbers.gain(g.mean())).orElse(""),
        arm.phase().id(),
        y(index),
        arm.gains().stream().map(axis::at).toList(),
        arm
            .gain()
            .filter(gain -> Double.isFinite(gain.low()))
            .map(gain -> new Bar(axis.at(gain.low()), axis.at(gain.high())))
            .stream()
            .toList(),
        note(arm));
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
    return ROW * (index + 0.5) + 6;
  }
}
