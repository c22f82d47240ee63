package dev.dormouse.plan;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.stats.OrderStatistics;
import java.util.List;
import java.util.Optional;

/** Estimates the seed noise of a campaign's metric before the campaign has results. */
public final class SeedNoise {
  /** Standard deviation assumed where no study has repeated seeds, in metric units. */
  public static final double DEFAULT_SD = 0.001;

  private SeedNoise() {}

  /**
   * Returns the noise that was mined for the campaign's own study, else the upper median over the
   * studies with the campaign's metric, else {@link #DEFAULT_SD}.
   *
   * @return standard deviation over seeds, in metric units, above 0
   */
  static double sd(List<Insight> insights, CampaignSpec spec) {
    List<Insight> mined =
        insights.stream()
            .filter(insight -> insight.kind() == Insight.Kind.NOISE)
            .filter(insight -> insight.metric().equals(spec.objective().metric()))
            .filter(insight -> insight.effect().filter(noise -> noise.mean() > 0).isPresent())
            .toList();
    Optional<Double> ofOwnStudy =
        mined.stream()
            .filter(insight -> spec.study().id().equals(insight.conditions().get("study")))
            .map(SeedNoise::mean)
            .findFirst();
    return ofOwnStudy.orElseGet(
        () ->
            mined.isEmpty()
                ? DEFAULT_SD
                : OrderStatistics.upperMedian(
                    mined.stream().mapToDouble(SeedNoise::mean).toArray()));
  }

  private static double mean(Insight noise) {
    return noise.effect().orElseThrow().mean();
  }
}
