package dev.dormouse.search;

import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecast;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis.Forecast;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.search.Surrogate.ScoredArm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What a campaign can expect of any arm before it begins: the forecast of past studies, corrected
 * by earlier runs of its own study. The same surrogate goes on learning in the campaign.
 */
public final class Outlook {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final int MOST_BETTER = 5;

  /** What a change may cost that an arm does not need, in spreads of arms in past studies. */
  private static final double NOTHING = 0.02;

  /** Of the known arms so many with the best means are compared. */
  private static final int MOST_COMPARED = 40;

  /** The risk and the cost of running an arm. */
  public interface Risks {
    /** Returns the probability that a run crashes, diverges or collapses. */
    double pFailure(Arm arm);

    /** Returns the expected cost of a run, in micro-GPU-hours. */
    long costMicros(Arm arm);
  }

  private final CampaignSpec spec;
  private final HistoryPrior history;
  private final Map<Arm, KnownArm> known = new LinkedHashMap<>();
  private final double noiseSd;
  private final Risks risks;
  private final IgnoredParameters ignored;
  private final Map<Arm, Double> gains = new HashMap<>();
  private final Set<Arm> candidates = new LinkedHashSet<>();
  private final Surrogate surrogate;
  private final double baseline;

  /**
   * @param history learnt from the runs of other studies
   * @param known the arms that the study tried before
   * @param noiseSd seed noise to expect, in metric units, above 0
   */
  public Outlook(
      CampaignSpec spec, HistoryPrior history, List<KnownArm> known, double noiseSd, Risks risks) {
    this.spec = spec;
    this.history = history;
    known.forEach(arm -> this.known.put(arm.arm(), arm));
    this.noiseSd = noiseSd;
    this.risks = risks;
    this.ignored = history.ignored(spec.searchSpace(), spec.baseline());
    List<Arm> sample =
        CandidateArms.sample(spec.searchSpace(), spec.baseline()).stream()
            .map(this::effective)
            .distinct()
            .toList();
    candidates.addAll(sample);
    candidates.addAll(
        CandidateArms.around(
            new Neighbours(spec.searchSpace(), spec.baseline(), ignored),
            spec.baseline(),
            sample,
            List.of(),
            this::gainByHistory));
    candidates.remove(spec.baseline());
    candidates.removeAll(this.known.keySet());
    this.surrogate =
        new Surrogate(context(List.of()), new OfHistory(), List.copyOf(candidates), List.of());
    this.baseline = surrogate.expectation(spec.baseline()).mean();
  }

  private double gainByHistory(Arm arm) {
    return gains.computeIfAbsent(arm, any -> history.gainOver(spec.baseline(), any));
  }

  /** The forecast of past studies for any arm. */
  private final class OfHistory implements PriorForecasts {
    @Override
    public double gain(Arm arm) {
      return gainByHistory(arm);
    }

    @Override
    public double spread() {
      return history.spread();
    }

    @Override
    public double agreement() {
      return history.agreement();
    }
  }

  /** The baseline stands for a result: all gains are counted from it. */
  private ProposalContext context(List<ArmForecast> arms) {
    return new ProposalContext(
        ProposalContext.CANDIDATES,
        spec,
        new Plan(
            spec.campaignId(),
            List.of(),
            List.of(),
            new Plan.CostEstimate(0, 0, 0, ""),
            0,
            List.of(),
            List.of()),
        Optional.of(withKnown(arms)),
        noiseSd,
        List.of(new EvaluatedTrial(spec.baseline(), Phase.BASELINE, OptionalDouble.of(0))),
        Set.of());
  }

  private ArmForecasts withKnown(List<ArmForecast> arms) {
    return new ArmForecasts(
        history.agreement(), history.spread(), arms, List.copyOf(known.values()), ignored);
  }

  /** Returns what the models of the search space ignore, as past runs tell. */
  public IgnoredParameters ignored() {
    return ignored;
  }

  /** Returns the same training with the baseline's values for what the arm's model ignores. */
  public Arm effective(Arm arm) {
    return ignored.effective(arm, spec.baseline());
  }

  /** Returns the arms that represent the search space and what promises most of it. */
  public List<Arm> candidates() {
    return List.copyOf(candidates);
  }

  /** Whether past studies tell anything of this search space. */
  public boolean hasHistory() {
    return history.agreement() > 0;
  }

  /**
   * Returns the forecast for an arm of the search space. One run of an arm is corrected by its
   * neighbours, since the best of many arms was lucky, too; the more runs an arm has, the more its
   * own mean counts.
   */
  public Forecast of(Arm arm) {
    ScoredArm expected = surrogate.expectation(arm);
    double gain = expected.mean() - baseline;
    KnownArm measured = known.get(arm);
    if (measured == null || measured.runs() < 2) {
      return forecast(arm, gain, expected.sd());
    }
    // The surrogate has taken the arm for one run.
    double repeats = 1 - 1.0 / measured.runs();
    double own = repeats / (measured.gainSd() * measured.gainSd());
    double neighbours = 1 / (expected.sd() * expected.sd());
    return forecast(
        arm,
        (own * measured.gain() + neighbours * gain) / (own + neighbours),
        Math.sqrt(1 / (own + neighbours)));
  }

  private Forecast forecast(Arm arm, double gain, double gainSd) {
    double sd = Math.sqrt(gainSd * gainSd + 2 * noiseSd * noiseSd);
    return new Forecast(
        gain,
        sd,
        NORMAL.cumulativeProbability(gain / sd),
        risks.pFailure(arm),
        risks.costMicros(arm));
  }

  /**
   * Returns arms in the order in which to try them, each chosen as if the ones before it had given
   * what is expected of them.
   *
   * @param arms empty: the candidates
   * @param weight factor of an arm's expected improvement, above 0
   */
  public List<Arm> ordered(Collection<Arm> arms, int count, ToDoubleFunction<Arm> weight) {
    List<Arm> choice = new ArrayList<>(arms.isEmpty() ? candidates : new LinkedHashSet<>(arms));
    return new Surrogate(context(List.of()), new OfHistory(), choice, List.of())
        .best(count, Surrogate::expectedImprovement, weight).stream().map(ScoredArm::arm).toList();
  }

  /**
   * Returns the arm without changes that its forecast does not need, so that a trial shows what its
   * changes are worth.
   */
  public Arm simplest(Arm arm) {
    if (!hasHistory()) {
      return arm;
    }
    double least = expected(arm) - NOTHING * history.spread();
    Arm simple = arm;
    while (true) {
      Arm current = simple;
      Optional<Arm> simpler =
          current.changesFrom(spec.baseline()).stream()
              .map(change -> current.with(List.of(change.reverted())))
              .map(this::effective)
              .filter(reverted -> spec.searchSpace().admits(reverted, spec.baseline()))
              .filter(reverted -> !reverted.equals(current) && expected(reverted) >= least)
              .max(Comparator.comparingDouble(this::expected));
      if (simpler.isEmpty()) {
        return simple;
      }
      simple = simpler.get();
    }
  }

  private double expected(Arm arm) {
    return surrogate.expectation(arm).mean();
  }

  /** Returns the expected improvement over the best known arm, in metric units. */
  public double expectedImprovement(Arm arm) {
    return surrogate.expectation(arm).expectedImprovement();
  }

  /** Returns the known arms of the search space that are better than the baseline, best first. */
  public List<KnownArm> better() {
    Map<KnownArm, Double> gains = new LinkedHashMap<>();
    known.values().stream()
        .filter(arm -> arm.runs() > 0 && arm.gain() > 0)
        .filter(arm -> spec.searchSpace().admits(arm.arm(), spec.baseline()))
        .sorted(Comparator.comparingDouble(arm -> -arm.gain()))
        .limit(MOST_COMPARED)
        .forEach(arm -> gains.put(arm, of(arm.arm()).gain()));
    return gains.keySet().stream()
        .filter(arm -> gains.get(arm) > 0)
        .sorted(Comparator.comparingDouble(arm -> -gains.get(arm)))
        .limit(MOST_BETTER)
        .toList();
  }

  /**
   * Returns what travels with the plan.
   *
   * @param named arms that somebody proposed
   */
  public ArmForecasts forecasts(Collection<Arm> named) {
    Set<Arm> arms = new LinkedHashSet<>(named);
    arms.addAll(candidates);
    arms.removeAll(known.keySet());
    return withKnown(
        arms.stream()
            .map(
                arm ->
                    new ArmForecast(
                        arm, gainByHistory(arm), risks.pFailure(arm), risks.costMicros(arm)))
            .toList());
  }
}
