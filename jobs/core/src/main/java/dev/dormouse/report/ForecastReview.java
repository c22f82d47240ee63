package dev.dormouse.report;

import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import dev.dormouse.stats.Samples;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Compares forecasts with outcomes: positions of a plot, and tables. Pure.
 *
 * @param size width and height of the plot
 * @param bySource one line per source of hypotheses
 * @param withInterval number of outcomes whose forecast has a standard deviation
 * @param levels how many of these outcomes lie in the forecasts' intervals
 */
record ForecastReview(
    double size,
    List<Axis.Tick> ticks,
    List<Axis.Tick> upTicks,
    List<Dot> dots,
    List<SourceLine> bySource,
    int withInterval,
    List<Level> levels) {
  private static final double SIZE = 420;
  private static final double EDGE = 60;
  private static final double Z95 = 1.96;
  private static final Map<String, Double> Z_BY_LEVEL = zByLevel();

  /** The number of outcomes inside the interval that should hold this share of them. */
  record Level(String promised, int inside, String share) {}

  /**
   * One arm.
   *
   * @param from left end of its 95% prediction interval; the dot itself if there is none
   * @param to right end of that interval
   */
  record Dot(
      double x, double y, double from, double to, String style, String title, String anchor) {}

  /** Mean forecast, outcome and error of a source's arms. */
  record SourceLine(String source, int arms, String forecast, String outcome, String error) {}

  /** An arm with a forecast and a result. */
  private record Pair(ArmResult arm, String anchor, double forecast, double outcome) {}

  private static Map<String, Double> zByLevel() {
    Map<String, Double> levels = new LinkedHashMap<>();
    levels.put("50%", 0.674);
    levels.put("80%", 1.282);
    levels.put("95%", Z95);
    return levels;
  }

  static ForecastReview of(CampaignResults results, Optional<Plan> plan) {
    List<Pair> pairs = pairs(results);
    double reach =
        1.15
            * pairs.stream()
                .flatMapToDouble(
                    p -> DoubleStream.of(Math.abs(p.forecast()), Math.abs(p.outcome())))
                .max()
                .orElse(1);
    Axis across = new Axis(-reach, reach, EDGE, SIZE - 10);
    Axis up = new Axis(-reach, reach, SIZE - EDGE, 10);
    Map<Pair, Double> sds = sds(pairs, results, plan);
    return new ForecastReview(
        SIZE,
        across.ticks(),
        up.ticks(),
        pairs.stream().map(pair -> dot(pair, sds.getOrDefault(pair, 0.0), across, up)).toList(),
        bySource(pairs),
        sds.size(),
        Z_BY_LEVEL.entrySet().stream()
            .map(level -> level(level.getKey(), level.getValue(), sds))
            .toList());
  }

  private static List<Pair> pairs(CampaignResults results) {
    List<Pair> pairs = new ArrayList<>();
    int number = 1;
    for (ArmResult arm : results.arms()) {
      String anchor = ReportRuns.arm(number++);
      Optional<Double> predicted = arm.origin().predictedGain();
      if (predicted.isPresent() && arm.gain().isPresent()) {
        pairs.add(new Pair(arm, anchor, predicted.get(), arm.gain().get().mean()));
      }
    }
    return pairs;
  }

  /** Returns the standard deviation of outcome minus forecast, where the plan states one. */
  private static Map<Pair, Double> sds(
      List<Pair> pairs, CampaignResults results, Optional<Plan> plan) {
    Map<String, Hypothesis.Forecast> planned =
        plan.stream()
            .flatMap(p -> p.hypotheses().stream())
            .collect(Collectors.toMap(Hypothesis::hypothesisId, Hypothesis::forecast, (a, b) -> a));
    Map<Pair, Double> sds = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      pair.arm()
          .origin()
          .hypothesisId()
          .map(planned::get)
          .filter(any -> results.noiseSd().isPresent())
          .ifPresent(forecast -> sds.put(pair, sd(forecast, pair, results)));
    }
    return sds;
  }

  /** Combines the forecast's own standard deviation with the seed noise of both means. */
  private static double sd(Hypothesis.Forecast forecast, Pair pair, CampaignResults results) {
    double share = 1.0 / pair.arm().gains().size() + 1.0 / results.seeds();
    return Math.hypot(forecast.gainSd(), results.noiseSd().orElse(0) * Math.sqrt(share));
  }

  private static Level level(String promised, double z, Map<Pair, Double> sds) {
    int inside =
        (int)
            sds.entrySet().stream()
                .filter(
                    e -> Math.abs(e.getKey().outcome() - e.getKey().forecast()) <= z * e.getValue())
                .count();
    return new Level(
        promised, inside, sds.isEmpty() ? "" : Numbers.percent((double) inside / sds.size()));
  }

  private static Dot dot(Pair pair, double sd, Axis across, Axis up) {
    return new Dot(
        across.at(pair.forecast()),
        up.at(pair.outcome()),
        across.at(pair.forecast() - Z95 * sd),
        across.at(pair.forecast() + Z95 * sd),
        pair.arm().origin().phase().id(),
        pair.arm().what()
            + ": forecast "
            + Numbers.gain(pair.forecast())
            + ", outcome "
            + Numbers.gain(pair.outcome()),
        pair.anchor());
  }

  private static List<SourceLine> bySource(List<Pair> pairs) {
    Map<String, List<Pair>> groups =
        pairs.stream()
            .collect(
                Collectors.groupingBy(
                    pair -> pair.arm().origin().source().map(Source::id).orElse("unknown"),
                    TreeMap::new,
                    Collectors.toList()));
    List<SourceLine> lines = new ArrayList<>();
    groups.forEach(
        (source, ofSource) ->
            lines.add(
                new SourceLine(
                    source,
                    ofSource.size(),
                    Numbers.gain(mean(ofSource, Pair::forecast)),
                    Numbers.gain(mean(ofSource, Pair::outcome)),
                    Numbers.metric(mean(ofSource, p -> Math.abs(p.outcome() - p.forecast()))))));
    return lines;
  }

  private static double mean(List<Pair> pairs, ToDoubleFunction<Pair> number) {
    return Samples.mean(pairs.stream().mapToDouble(number).toArray());
  }
}
