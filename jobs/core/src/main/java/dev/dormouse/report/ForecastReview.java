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
 * ForecastReview against outcomes, and where to draw them.
 *
 * @param size width and height of the plot
 * @param bySource one line a source of hypotheses
 * @param withInterval outcomes whose forecast came with a standard deviation
 * @param levels how many of these lay in the intervals that the forecasts promised
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
  private static final Map<String, Double> LEVELS = intervals();

  /** How many outcomes lay inside the interval that should hold this share of them. */
  record Level(String promised, int inside, String share) {}

  /**
   * One arm.
   *
   * @param from left end of its 95% prediction interval; at the dot without one
   * @param to right end of it
   */
  record Dot(
      double x, double y, double from, double to, String style, String title, String anchor) {}

  /** How well a source forecast. */
  record SourceLine(String source, int arms, String forecast, String outcome, String error) {}

  /** An arm with a forecast and a result. */
  private record Pair(ArmResult arm, String anchor, double forecast, double outcome) {}

  private static Map<String, Double> intervals() {
    Map<String, Double> levels = new LinkedHashMap<>();
    levels.put("50%", 0.674);
    levels.put("80%", 1.282);
    levels.put("95%", Z95);
    return levels;
  }

  static ForecastReview of(CampaignResults results, Optional<Plan> plan) {
    List<Pair> pairs = new ArrayList<>();
    int number = 1;
    for (ArmResult arm : results.arms()) {
      String anchor = ReportRuns.arm(number++);
      if (arm.predictedGain().isPresent() && arm.gain().isPresent()) {
        pairs.add(new Pair(arm, anchor, arm.predictedGain().get(), arm.gain().get().mean()));
      }
    }
    double reach =
        1.15
            * pairs.stream()
                .flatMapToDouble(
                    p -> DoubleStream.of(Math.abs(p.forecast()), Math.abs(p.outcome())))
                .max()
                .orElse(1);
    Axis across = new Axis(-reach, reach, EDGE, SIZE - 10);
    Axis up = new Axis(-reach, reach, SIZE - EDGE, 10);
    Map<String, Hypothesis.Forecast> planned =
        plan.stream()
            .flatMap(p -> p.hypotheses().stream())
            .collect(Collectors.toMap(Hypothesis::hypothesisId, Hypothesis::forecast, (a, b) -> a));
    Map<Pair, Double> doubts = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      pair.arm()
          .hypothesisId()
          .map(planned::get)
          .filter(any -> results.noiseSd().isPresent())
          .ifPresent(forecast -> doubts.put(pair, sd(forecast, pair, results)));
    }
    return new ForecastReview(
        SIZE,
        across.ticks(),
        up.ticks(),
        pairs.stream().map(pair -> dot(pair, doubts.getOrDefault(pair, 0.0), across, up)).toList(),
        bySource(pairs),
        doubts.size(),
        LEVELS.entrySet().stream()
            .map(level -> level(level.getKey(), level.getValue(), doubts))
            .toList());
  }

  private static Level level(String promised, double z, Map<Pair, Double> doubts) {
    int inside =
        (int)
            doubts.entrySet().stream()
                .filter(
                    e -> Math.abs(e.getKey().outcome() - e.getKey().forecast()) <= z * e.getValue())
                .count();
    return new Level(
        promised, inside, doubts.isEmpty() ? "" : Numbers.percent((double) inside / doubts.size()));
  }

  /** Allows for the forecast's own doubt and for the seed noise of both means. */
  private static double sd(Hypothesis.Forecast forecast, Pair pair, CampaignResults results) {
    double share = 1.0 / pair.arm().gains().size() + 1.0 / results.seeds();
    return Math.hypot(forecast.gainSd(), results.noiseSd().orElse(0) * Math.sqrt(share));
  }

  private static Dot dot(Pair pair, double sd, Axis across, Axis up) {
    return new Dot(
        across.at(pair.forecast()),
        up.at(pair.outcome()),
        across.at(pair.forecast() - Z95 * sd),
        across.at(pair.forecast() + Z95 * sd),
        pair.arm().phase().id(),
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
                    pair -> pair.arm().source().map(Source::id).orElse("unknown"),
                    TreeMap::new,
                    Collectors.toList()));
    List<SourceLine> lines = new ArrayList<>();
    groups.forEach(
        (source, its) ->
            lines.add(
                new SourceLine(
                    source,
                    its.size(),
                    Numbers.gain(mean(its, Pair::forecast)),
                    Numbers.gain(mean(its, Pair::outcome)),
                    Numbers.metric(mean(its, p -> Math.abs(p.outcome() - p.forecast()))))));
    return lines;
  }

  private static double mean(List<Pair> pairs, ToDoubleFunction<Pair> number) {
    return Samples.mean(pairs.stream().mapToDouble(number).toArray());
  }
}
