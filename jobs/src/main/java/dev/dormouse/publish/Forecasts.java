package dev.dormouse.publish;

import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Source;
import dev.dormouse.stats.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Forecasts against outcomes, and where to draw them.
 *
 * @param size width and height of the plot
 * @param bySource one line a source of hypotheses
 * @param withInterval outcomes whose forecast came with a standard deviation
 * @param covered how many of these lie in the forecast's 95% prediction interval
 */
record Forecasts(
    double size,
    List<Axis.Tick> ticks,
    List<Axis.Tick> upTicks,
    List<Dot> dots,
    List<SourceLine> bySource,
    int withInterval,
    int covered) {
  private static final double SIZE = 420;
  private static final double EDGE = 60;
  private static final double Z95 = 1.96;

  /** One arm. */
  record Dot(double x, double y, String style, String title) {}

  /** How well a source forecast. */
  record SourceLine(String source, int arms, String forecast, String outcome, String error) {}

  /** An arm with a forecast and a result. */
  private record Pair(ArmResult arm, double forecast, double outcome) {}

  static Forecasts of(CampaignResults results, Optional<Plan> plan) {
    List<Pair> pairs = new ArrayList<>();
    for (ArmResult arm : results.arms()) {
      if (arm.predictedGain().isPresent() && arm.gain().isPresent()) {
        pairs.add(new Pair(arm, arm.predictedGain().get(), arm.gain().get().mean()));
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
    int withInterval = 0;
    int covered = 0;
    for (Pair pair : pairs) {
      Optional<Hypothesis.Forecast> forecast = pair.arm().hypothesisId().map(planned::get);
      if (forecast.isPresent() && results.noiseSd().isPresent()) {
        withInterval++;
        covered += covers(forecast.get(), pair, results) ? 1 : 0;
      }
    }
    return new Forecasts(
        SIZE,
        across.ticks(),
        up.ticks(),
        pairs.stream().map(pair -> dot(pair, across, up)).toList(),
        bySource(pairs),
        withInterval,
        covered);
  }

  /** The interval allows for the forecast's own doubt and for the seed noise of both means. */
  private static boolean covers(Hypothesis.Forecast forecast, Pair pair, CampaignResults results) {
    OptionalDouble noise = results.noiseSd();
    double share = 1.0 / pair.arm().gains().size() + 1.0 / results.seeds();
    double sd = Math.hypot(forecast.gainSd(), noise.orElse(0) * Math.sqrt(share));
    return Math.abs(pair.outcome() - forecast.gain()) <= Z95 * sd;
  }

  private static Dot dot(Pair pair, Axis across, Axis up) {
    return new Dot(
        across.at(pair.forecast()),
        up.at(pair.outcome()),
        pair.arm().phase().id(),
        pair.arm().what()
            + ": forecast "
            + Numbers.gain(pair.forecast())
            + ", outcome "
            + Numbers.gain(pair.outcome()));
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
