package dev.dormouse.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Where to draw estimates with their intervals, one a row: a forest plot. Pure.
 *
 * @param left where the plot begins; to its left are labels
 * @param right where it ends; to its right are numbers
 * @param zero where the value without effect lies
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
   * @param low lower end of its interval; not finite if it has none
   * @param widerLow lower end of where a new study may lie; not finite if that is unknown
   * @param text the estimate in words
   * @param interval the interval in words
   * @param basis what it rests on, in words
   * @param anchor where more is told; empty if nowhere
   */
  record Item(
      String label,
      String title,
      String style,
      double mean,
      double low,
      double high,
      double widerLow,
      double widerHigh,
      String text,
      String interval,
      String basis,
      String anchor) {}

  /** An estimate as drawn. */
  record Row(
      String label,
      String title,
      String style,
      double y,
      double mean,
      List<GainPlot.Bar> bars,
      List<GainPlot.Bar> wider,
      String text,
      String interval,
      String basis,
      String anchor) {}

  /** A plot whose axis fits the estimates; intervals that go far beyond are cut. */
  static IntervalPlot of(List<Item> items) {
    double[] reaches =
        items.stream()
            .mapToDouble(item -> Math.max(Math.abs(item.low()), Math.abs(item.high())))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    double usual = reaches.length == 0 ? 0 : reaches[reaches.length / 2];
    double largest = items.stream().mapToDouble(item -> Math.abs(item.mean())).max().orElse(1);
    double bound = Math.max(ROOM * largest, ROOM * usual);
    double low = Math.min(0, extreme(items, -bound, false));
    double high = Math.max(0, extreme(items, bound, true));
    double room = 0.04 * (high - low);
    return of(items, low - room, high + room);
  }

  /** A plot of shares, from 0 to 1. */
  static IntervalPlot ofShares(List<Item> items) {
    return of(items, 0, 1);
  }

  private static double extreme(List<Item> items, double bound, boolean upper) {
    DoubleStream ends =
        items.stream()
            .flatMapToDouble(
                item ->
                    upper
                        ? DoubleStream.of(item.mean(), item.high())
                        : DoubleStream.of(item.mean(), item.low()))
            .filter(Double::isFinite);
    return upper
        ? Math.min(bound, ends.max().orElse(bound))
        : Math.max(bound, ends.min().orElse(bound));
  }

  private static IntervalPlot of(List<Item> items, double low, double high) {
    Axis axis = new Axis(low, high, LEFT, RIGHT);
    List<Row> rows = new ArrayList<>();
    for (Item item : items) {
      rows.add(
          new Row(
              GainPlot.cut(item.label(), LABEL),
              item.title(),
              item.style(),
              TOP + ROW * (rows.size() + 0.5),
              axis.at(item.mean()),
              bar(axis, item.low(), item.high()),
              bar(axis, item.widerLow(), item.widerHigh()),
              item.text(),
              item.interval(),
              item.basis(),
              item.anchor()));
    }
    return new IntervalPlot(
        WIDTH, TOP + ROW * rows.size() + 30, LEFT, RIGHT, axis.at(0), axis.ticks(), rows);
  }

  private static List<GainPlot.Bar> bar(Axis axis, double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? List.of(GainPlot.Bar.of(axis, low, high))
        : List.of();
  }
}
