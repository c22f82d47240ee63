package dev.dormouse.eval.bench;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.eval.replay.Playthrough;
import dev.dormouse.io.SparkLake;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.KnownArm;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.Planner;
import dev.dormouse.table.RunsTable;
import dev.dormouse.tick.PlanForecastReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Measures whether campaigns make use of what their own study knows already: each lake holds one
 * {@link PlantedStudy} and nothing else. Mining, planning and decisions are the real ones; only the
 * trainings are planted.
 */
public final class KnownBench {
  /** An arm that is worse than the planted one by no more than this is as good. */
  private static final double TOLERANCE = PlantedStudy.NOISE / 2;

  private KnownBench() {}

  /**
   * The result. A share counts lakes.
   *
   * @param lakes number of lakes
   * @param runs number of past runs in each
   * @param trainings number of trainings before the confirmation, at most
   * @param named share whose plan names a known arm that is as good as the planted one
   * @param namedFirst share whose plan names such an arm first
   * @param confirmed share whose campaign confirmed its winner
   * @param matched share whose campaign confirmed an arm as good as the planted one
   * @param meanGain mean true gain of the winners over the baseline; without a winner 0
   * @param knownTrained search trainings of arms that the study had tried, in all lakes
   */
  public record Result(
      int lakes,
      int runs,
      int trainings,
      double named,
      double namedFirst,
      double confirmed,
      double matched,
      double meanGain,
      long knownTrained) {}

  /** Makes empty lakes. */
  public interface LakeMaker {
    /** Returns a lake with all tables and no rows. */
    SparkLake make(String name);
  }

  /**
   * Runs the benchmark.
   *
   * @param runs number of past runs in each lake
   * @param planted whether anything helps; else no arm differs from the baseline
   * @param now the time to record
   * @param progress receives a sentence for each lake
   */
  public static Result run(
      LakeMaker maker,
      int lakes,
      int runs,
      boolean planted,
      long seed,
      Instant now,
      Consumer<String> progress) {
    List<Score> scores = new ArrayList<>();
    for (int i = 0; i < lakes; i++) {
      PlantedStudy study = planted ? PlantedStudy.of(seed + i) : PlantedStudy.ofNothing(seed + i);
      Score score = play(maker.make(study.spec().campaignId()), study, runs, now);
      scores.add(score);
      progress.accept(score.text());
    }
    return new Result(
        lakes,
        runs,
        PlantedStudy.TRAININGS,
        share(scores, Score::named),
        share(scores, Score::namedFirst),
        share(scores, Score::confirmed),
        share(scores, Score::matched),
        mean(scores, Score::gain),
        scores.stream().mapToLong(Score::knownTrained).sum());
  }

  private static Score play(SparkLake lake, PlantedStudy study, int runs, Instant now) {
    CampaignSpec spec = study.spec();
    lake.append(
        RunsTable.TABLE,
        lake.rows(RunsTable.TABLE, study.runs(runs).stream().map(RunsTable::encode).toList()));
    Miner.mine(lake, now);
    Plan plan = Planner.plan(lake, spec, Optional.empty(), now, Optional.empty());
    Optional<ArmForecasts> forecasts = new PlanForecastReader(lake.kernel()).of(plan);
    CampaignState end = Playthrough.play(spec, plan, forecasts, study, (state, event) -> true);
    Set<Arm> known =
        forecasts.orElseThrow().known().stream().map(KnownArm::arm).collect(Collectors.toSet());
    return new Score(study, plan, end, known);
  }

  /** What became of one lake. */
  private record Score(PlantedStudy study, Plan plan, CampaignState end, Set<Arm> known) {
    boolean named() {
      return better().stream().anyMatch(this::isAsGood);
    }

    boolean namedFirst() {
      return better().stream().limit(1).anyMatch(this::isAsGood);
    }

    private List<Arm> better() {
      return plan.basis().orElseThrow().better().stream().map(Hypothesis::arm).toList();
    }

    boolean confirmed() {
      return end.verdict().filter(v -> v.kind() == Verdict.Kind.CONFIRMED).isPresent();
    }

    boolean matched() {
      return confirmed() && winner().filter(this::isAsGood).isPresent();
    }

    double gain() {
      return winner().map(study::gain).orElse(0.0);
    }

    private Optional<Arm> winner() {
      return end.verdict().flatMap(Verdict::winner);
    }

    private boolean isAsGood(Arm arm) {
      return study.gain(arm) >= study.gain(PlantedStudy.planted()) - TOLERANCE;
    }

    long knownTrained() {
      return end.attempts().values().stream()
          .map(Attempt::trial)
          .filter(trial -> trial.phase().isSearch() && known.contains(trial.arm()))
          .count();
    }

    String text() {
      return String.format(
          Locale.ROOT,
          "%s: the first known arm gains %+.5f, the winner %+.5f (%s)",
          study.spec().campaignId(),
          better().stream().findFirst().map(study::gain).orElse(0.0),
          gain(),
          end.verdict().map(verdict -> verdict.kind().text()).orElse("not over"));
    }
  }

  private static double share(List<Score> scores, Predicate<Score> fact) {
    return (double) scores.stream().filter(fact).count() / scores.size();
  }

  private static double mean(List<Score> scores, ToDoubleFunction<Score> number) {
    return scores.stream().mapToDouble(number).average().orElse(Double.NaN);
  }
}
