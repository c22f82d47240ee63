package dev.dormouse.report;

import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.OrderStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * Positions of a forest plot: one estimate with its interval per row. Pure.
 *
 * @param left where the plot begins; labels are to its left
 * @param right where the plot ends; numbers are to its right
 * @param zero position of the value 0
 */
record IntervalPlot(
    double width,
    double height,
    double left,
    double right,
    double zero,
    List<Axis.Tick> ticks,
    List<Row> rows) {
  private static final double WIDTH = 1000;
  private static final double LEFT = 290;
  private static final double RIGHT = 622;
  private static final double ROW = 24;
  private static final double TOP = 26;
  private static final double ROOM = 1.6;
  private static final int LABEL = 36;

  /**
   * An estimate to draw.
   *
   * @param style {@code gain}, {@code loss} or {@code unclear}, with {@code hint} if not
   *     established
   * @param estimate ends that are not finite draw no interval
   * @param prediction the interval for a new study
   * @param anchor the place on the page with details; empty if there is none
   */
  record Item(
      String label,
      String title,
      String style,
      Estimate estimate,
      Optional<Interval> prediction,
      Texts texts,
      String anchor) {}

  /** An interval without an estimate. */
  record Interval(double low, double high) {}

  /**
   * An estimate in words.
   *
   * @param basis the data that it rests on
   */
  record Texts(String value, String interval, String basis) {}

  /** An estimate as drawn; {@code bars} and {@code wider} hold one interval at most. */
  record Row(
      String label,
      String title,
      String style,
      double y,
      double mean,
      List<GainPlot.Bar> bars,
      List<GainPlot.Bar> wider,
      Texts texts,
      String anchor) {}

  /** Plots gains on an axis that fits the estimates; much longer intervals are cut. */
  static IntervalPlot of(List<Item> items) {
    double[] reaches =
        items.stream()
            .map(Item::estimate)
            .mapToDouble(e -> Math.max(Math.abs(e.low()), Math.abs(e.high())))
            .filter(Double::isFinite)
            .toArray();
    // The upper of two middle values, not the median: the common intervals must fit.
    double usual = reaches.length == 0 ? 0 : OrderStatistics.upperMedian(reaches);
    double largest =
        items.stream().mapToDouble(item -> Math.abs(item.estimate().mean())).max().orElse(1);
    double bound = Math.max(ROOM * largest, ROOM * usual);
    double low = Math.max(-bound, ends(items, Estimate::low).min().orElse(-bound));
    double high = Math.min(bound, ends(items, Estimate::high).max().orElse(bound));
    double room = 0.04 * (Math.max(0, high) - Math.min(0, low));
    return of(items, Math.min(0, low) - room, Math.max(0, high) + room);
  }

  /** Plots shares on an axis from 0 to 1. */
  static IntervalPlot ofShares(List<Item> items) {
    return of(items, 0, 1);
  }

  private static DoubleStream ends(List<Item> items, Function<Estimate, Double> end) {
    return items.stream()
        .map(Item::estimate)
        .flatMapToDouble(e -> DoubleStream.of(e.mean(), end.apply(e)))
        .filter(Double::isFinite);
  }

  private static IntervalPlot of(List<Item> items, double low, double high) {
    Axis axis = new Axis(low, high, LEFT, RIGHT);
    List<Row> rows = new ArrayList<>();
    for (Item item : items) {
      Estimate estimate = item.estimate();
      rows.add(
          new Row(
              GainPlot.cut(item.label(), LABEL),
              item.title(),
              item.style(),
              TOP + ROW * (rows.size() + 0.5),
              axis.at(estimate.mean()),
              bar(axis, new Interval(estimate.low(), estimate.high())),
              item.prediction().map(interval -> bar(axis, interval)).orElse(List.of()),
              item.texts(),
              item.anchor()));
    }
    return new IntervalPlot(
        WIDTH, TOP + ROW * rows.size() + 30, LEFT, RIGHT, axis.at(0), axis.ticks(), rows);
  }

  private static List<GainPlot.Bar> bar(Axis axis, Interval interval) {
    return Double.isFinite(interval.low()) && Double.isFinite(interval.high())
        ? List.of(GainPlot.Bar.of(axis, interval.low(), interval.high()))
        : List.of();
  }
}
