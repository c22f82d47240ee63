package dev.dormouse.report;

import dev.dormouse.campaign.Verdict;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.util.Optional;

/**
 * The gain of every arm as a plot. Pure.
 *
 * @param noise standard deviation of the baseline over seeds
 */
record GainSection(String noise, GainPlot plot) {
  static GainSection of(CampaignResults results, Optional<Verdict> verdict) {
    return new GainSection(
        results.noiseSd().isPresent()
            ? Numbers.metric(results.noiseSd().getAsDouble())
            : "not known yet",
        GainPlot.of(results, verdict));
  }
}
