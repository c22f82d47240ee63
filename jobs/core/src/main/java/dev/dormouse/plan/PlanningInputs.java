package dev.dormouse.plan;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.hypothesize.ConfirmedWinner;
import dev.dormouse.hypothesize.HypothesisOutcome;
import dev.dormouse.hypothesize.OutcomeReader;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.io.SparkLake;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.research.Document;
import dev.dormouse.research.Papers;
import dev.dormouse.research.TechniqueCards;
import dev.dormouse.stats.ForecastOutcome;
import dev.dormouse.table.RunsTable;
import dev.dormouse.tick.CampaignLog;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * All that a plan is built from. Reading it writes nothing to the lake.
 *
 * @param context what hypotheses are made from
 * @param outcomes what became of earlier hypotheses
 * @param papers what a language model may cite; empty if none is asked
 */
public record PlanningInputs(
    PlanningContext context, List<ForecastOutcome> outcomes, List<Document> papers) {
  /** Kinds of insight whose numbers are in units of one metric and hold for that metric only. */
  private static final Set<Insight.Kind> IN_METRIC_UNITS =
      Set.of(
          Insight.Kind.EFFECT,
          Insight.Kind.CONDITION,
          Insight.Kind.INTERACTION,
          Insight.Kind.MODEL_RANK,
          Insight.Kind.SATURATION,
          Insight.Kind.SCALING,
          Insight.Kind.DRIFT,
          Insight.Kind.EARLY_SIGNAL,
          Insight.Kind.NOISE);

  /** Statuses of runs that tell nothing of their arm. */
  private static final Object[] TELLS_NOTHING =
      Stream.of(RunStatus.values())
          .filter(status -> !status.tellsOfArm())
          .map(RunStatus::id)
          .toArray();

  public PlanningInputs {
    outcomes = List.copyOf(outcomes);
    papers = List.copyOf(papers);
  }

  /**
   * Reads insights, runs and outcomes, each table once.
   *
   * @param preflightRunTime how long the preflight run of the baseline took; empty if there was
   *     none
   * @param withPapers whether a language model will be asked
   * @throws ObjectiveConflictException if the lake has the opposite direction for the metric
   */
  public static PlanningInputs read(
      SparkLake lake, CampaignSpec spec, Optional<Duration> preflightRunTime, boolean withPapers) {
    return read(
        lake, spec, runs -> CostBasis.of(spec.training(), runs, preflightRunTime), withPapers);
  }

  /**
   * Reads insights, runs and outcomes, each table once.
   *
   * @param runCost estimates the cost of a run from the study's runs
   * @param withPapers whether a language model will be asked
   * @throws ObjectiveConflictException if the lake has the opposite direction for the metric
   */
  static PlanningInputs read(
      SparkLake lake,
      CampaignSpec spec,
      Function<List<Run>, CostEstimate> runCost,
      boolean withPapers) {
    ObjectiveCheck.require(lake, spec);
    return new PlanningInputs(
        context(lake, spec, runCost),
        OutcomeReader.read(lake).stream().map(HypothesisOutcome::forecast).toList(),
        withPapers ? Papers.documents(lake.kernel()) : List.of());
  }

  /**
   * Returns the same inputs for another campaign.
   *
   * @throws IllegalArgumentException if it has another study, objective or training
   */
  public PlanningInputs of(CampaignSpec other) {
    return new PlanningInputs(context.of(other), outcomes, papers);
  }

  private static PlanningContext context(
      SparkLake lake, CampaignSpec spec, Function<List<Run>, CostEstimate> runCost) {
    List<Insight> insights = insightsFor(spec.objective(), InsightReader.newest(lake.kernel()));
    Dataset<Row> runs = lake.read(RunsTable.TABLE);
    List<Run> studyRuns = collect(lake, ofStudy(runs, spec));
    return new PlanningContext(
        spec,
        insights,
        TechniqueCards.builtIn(),
        collect(lake, bestOfOtherStudies(runs, spec)),
        studyRuns,
        ofOtherStudies(runs, spec),
        SeedNoise.sd(insights, spec),
        runCost.apply(studyRuns),
        confirmed(CampaignLog.read(lake.kernel()).states().values(), spec));
  }

  /** Returns the winners that other campaigns of the study confirmed. */
  private static List<ConfirmedWinner> confirmed(
      Collection<CampaignState> campaigns, CampaignSpec spec) {
    List<ConfirmedWinner> winners = new ArrayList<>();
    for (CampaignState state : campaigns) {
      Optional<Verdict> verdict = state.verdict().filter(v -> v.kind() == Verdict.Kind.CONFIRMED);
      boolean sameStudy = state.spec().filter(s -> s.study().equals(spec.study())).isPresent();
      if (verdict.isPresent() && sameStudy) {
        Verdict.Comparison measured =
            verdict.get().test().or(() -> verdict.get().validation()).orElseThrow();
        winners.add(
            new ConfirmedWinner(
                state.campaignId(),
                state.spec().orElseThrow().baseline(),
                verdict.get().winner().orElseThrow(),
                measured.gain(),
                measured.gainLow(),
                measured.gainHigh(),
                measured.pairs()));
      }
    }
    return winners;
  }

  /**
   * Returns what was known when a campaign was planned, but for the results of other studies, which
   * only forecasts need. Imported runs without a time count as known.
   *
   * @param known the time; later insights and runs are left out
   */
  static PlanningContext readAt(SparkLake lake, CampaignSpec spec, Instant known) {
    List<Insight> insights =
        insightsFor(spec.objective(), InsightReader.newestAt(lake.kernel(), known));
    Column ended = coalesce(col("finished_at"), col("started_at"));
    Dataset<Row> runs =
        lake.read(RunsTable.TABLE)
            .where(
                ended
                    .leq(lit(Timestamp.from(known)))
                    .or(ended.isNull().and(col("campaign_id").isNull())));
    List<Run> studyRuns = collect(lake, ofStudy(runs, spec));
    return new PlanningContext(
        spec,
        insights,
        TechniqueCards.builtIn(),
        collect(lake, bestOfOtherStudies(runs, spec)),
        studyRuns,
        List.of(),
        SeedNoise.sd(insights, spec),
        CostBasis.of(spec.training(), studyRuns, Optional.empty()));
  }

  private static List<Insight> insightsFor(Objective objective, List<Insight> insights) {
    return insights.stream()
        .filter(
            insight ->
                !IN_METRIC_UNITS.contains(insight.kind())
                    || insight.metric().equals(objective.metric()))
        .toList();
  }

  private static List<Run> collect(SparkLake lake, Dataset<Row> runs) {
    return lake.collect(RunsTable.TABLE, runs).stream().map(RunsTable::decode).toList();
  }

  private static Dataset<Row> ofStudy(Dataset<Row> runs, CampaignSpec spec) {
    return runs.where(col("study").equalTo(spec.study().id())).orderBy("run_id");
  }

  /** Returns the results of other studies with the campaign's metric; failed runs have none. */
  private static List<PastResult> ofOtherStudies(Dataset<Row> runs, CampaignSpec spec) {
    List<PastResult> results = new ArrayList<>();
    List<Row> rows =
        runs.where(
                col("metric")
                    .equalTo(spec.objective().metric())
                    .and(not(col("status").isin(TELLS_NOTHING)))
                    .and(col("study").notEqual(spec.study().id())))
            .orderBy("study", "run_id")
            .select("study", "model_variant", "params", "status", "value")
            .collectAsList();
    for (Row row : rows) {
      Double value = row.isNullAt(4) ? null : row.getDouble(4);
      boolean usable =
          row.getString(3).equals(RunStatus.OK.id()) && value != null && Double.isFinite(value);
      results.add(
          new PastResult(
              row.getString(0),
              new Arm(row.getString(1), new TreeMap<>(row.<String, String>getJavaMap(2))),
              usable
                  ? OptionalDouble.of(spec.objective().gain(value, 0))
                  : OptionalDouble.empty()));
    }
    return results;
  }

  private static Dataset<Row> bestOfOtherStudies(Dataset<Row> runs, CampaignSpec spec) {
    Column value = col("value");
    boolean more = spec.objective().direction() == Objective.Direction.MAXIMIZE;
    return runs.where(
            col("metric")
                .equalTo(spec.objective().metric())
                .and(col("status").equalTo(RunStatus.OK.id()))
                .and(value.isNotNull())
                .and(col("study").notEqual(spec.study().id())))
        .withColumn(
            "place",
            row_number()
                .over(
                    Window.partitionBy("study")
                        .orderBy(more ? value.desc() : value.asc(), col("run_id"))))
        .where(col("place").equalTo(1))
        .drop("place")
        .orderBy("study");
  }
}
