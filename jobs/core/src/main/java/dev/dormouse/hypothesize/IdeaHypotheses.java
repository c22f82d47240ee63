package dev.dormouse.hypothesize;

import dev.dormouse.hypothesize.LlmIdeas.KnownArms;
import dev.dormouse.hypothesize.MinedEffects.Expected;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Hypothesis.Forecast;
import dev.dormouse.model.Source;
import dev.dormouse.stats.Recalibration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Makes hypotheses of a language model's ideas. Their forecasts combine the recalibrated claims
 * with the mined effects of the same changes.
 */
final class IdeaHypotheses {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** In noise sds: larger claims count as this, so that a boast cannot dominate a campaign. */
  private static final double LARGEST_CLAIM = 3;

  private final IdeaContext context;
  private final KnownArms known;
  private final Recalibration recalibration;

  IdeaHypotheses(IdeaContext context, KnownArms known, Recalibration recalibration) {
    this.context = context;
    this.known = known;
    this.recalibration = recalibration;
  }

  /**
   * Returns the hypothesis of an idea.
   *
   * @param winProbability its probability to be better than another idea
   */
  Hypothesis of(Idea idea, double winProbability) {
    double noise = context.funds().noiseSd();
    double largest = LARGEST_CLAIM * noise;
    Idea.Claims claims = idea.claims();
    Recalibration.Forecast credible =
        recalibration.of(
            claims.gainP10(),
            Math.min(largest, Math.max(-largest, claims.gainP50())),
            claims.gainP90(),
            claims.pCrash(),
            noise);
    double claimSd = Math.min(credible.sd(), 2 * largest);
    Optional<Expected> mined = known.expected().apply(idea.arm());
    double pastWeight = mined.map(past -> weight(past.sd(), claimSd)).orElse(0.0);
    double gain =
        (1 - pastWeight) * credible.gain() + pastWeight * mined.map(Expected::gain).orElse(0.0);
    // Both rest on the same runs: together they are no more certain than the more certain one.
    double smallerSd = Math.min(claimSd, mined.map(Expected::sd).orElse(claimSd));
    double sd = Math.sqrt(smallerSd * smallerSd + 2 * noise * noise);
    return new Hypothesis(
        "h-" + idea.arm().configId(),
        Source.LLM,
        "Gains over the baseline: " + idea.changesText(),
        IdeaRationale.of(idea).text(),
        idea.arm(),
        idea.changes(),
        evidence(idea, mined),
        new Forecast(
            gain,
            sd,
            NORMAL.cumulativeProbability(gain / sd),
            Math.max(credible.pFailure(), known.failureRate().applyAsDouble(idea.arm())),
            context.funds().runMicros()),
        0,
        terms(claims, winProbability),
        Optional.empty());
  }

  /** Returns the weight of the first of two forecasts, by their standard deviations. */
  private static double weight(double first, double second) {
    return second * second / (first * first + second * second);
  }

  private static List<String> evidence(Idea idea, Optional<Expected> mined) {
    Set<String> evidence = new LinkedHashSet<>(idea.sources());
    mined.ifPresent(past -> evidence.addAll(past.evidence()));
    return List.copyOf(evidence);
  }

  /** Returns the model's unchanged claims, to be scored when the outcome is known. */
  private static SortedMap<String, Double> terms(Idea.Claims claims, double winProbability) {
    TreeMap<String, Double> terms = new TreeMap<>();
    terms.put(LlmIdeas.PAIRWISE, winProbability);
    terms.put("claimed_gain_p10", claims.gainP10());
    terms.put("claimed_gain_p50", claims.gainP50());
    terms.put("claimed_gain_p90", claims.gainP90());
    terms.put("claimed_p_success", claims.pSuccess());
    terms.put("claimed_p_crash", claims.pCrash());
    terms.put("claimed_cost_gpu_hours", claims.costGpuHours());
    return terms;
  }
}
