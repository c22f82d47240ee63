package dev.dormouse.plan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import dev.dormouse.hypothesize.Hypotheses;
import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.hypothesize.Ranking;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.research.TechniqueCards;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.table.PlansTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Plans a campaign from what the lake knows: hypothesize, rank, plan; and records all of it. */
public final class Planner {
  /** Stated prior for the seed noise, where no study has repeated seeds. */
  public static final double DEFAULT_NOISE = 0.001;

  /** What such insights say in units of one metric says nothing of another. */
  private static final Set<Insight.Kind> OF_A_METRIC =
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

  /**
   * Hypotheses in the order in which to try them.
   *
   * @param hypotheses best first
   * @param refusals of what a language model wrote
   */
  public record Ranked(List<Hypothesis> hypotheses, List<IdeaRefusal> refusals) {
    public Ranked {
      hypotheses = List.copyOf(hypotheses);
      refusals = List.copyOf(refusals);
    }
  }

  private Planner() {}

  /**
   * Builds the plan of a campaign and writes {@code techniques}, {@code hypotheses} (replacing the
   * campaign's earlier ones) and {@code plans}. The same lake gives the same plan.
   *
   * @param preflightRunTime how long the preflight run of the baseline took, if there was one
   * @param now the time to record
   * @param model a language model that may be asked; without one, statistics do all the work
   * @throws ObjectiveConflictException if the lake has the opposite direction for the metric
   */
  public static Plan plan(
      SparkLake lake,
      CampaignSpec spec,
      Optional<Duration> preflightRunTime,
      Instant now,
      Optional<LlmBatches> model) {
    ObjectiveCheck.record(lake, spec);
    TechniqueCards.record(lake);
    PlanningContext context = context(lake, spec, preflightRunTime);
    Ranked ranked = ranked(lake, context, model);
    Plan plan = PlanBuilder.build(spec, ranked.hypotheses(), context.runCost(), ranked.refusals());
    record(lake, spec, ranked.hypotheses(), plan, now);
    return plan;
  }

  /**
   * The campaign's hypotheses, best first, without recording any.
   *
   * @param model a language model that may be asked; without one, statistics do all the work
   * @throws ObjectiveConflictException if the lake has the opposite direction for the metric
   */
  public static Ranked hypotheses(
      SparkLake lake,
      CampaignSpec spec,
      Optional<Duration> preflightRunTime,
      Optional<LlmBatches> model) {
    return ranked(lake, context(lake, spec, preflightRunTime), model);
  }

  private static Ranked ranked(
      SparkLake lake, PlanningContext context, Optional<LlmBatches> model) {
    List<Hypothesis> statistical = Hypotheses.generate(context);
    return model
        .map(asked -> ModelIdeas.ranked(lake, context, statistical, asked))
        .orElseGet(() -> new Ranked(Ranking.rank(statistical, Map.of()), List.of()));
  }

  private static PlanningContext context(
      SparkLake lake, CampaignSpec spec, Optional<Duration> preflightRunTime) {
    ObjectiveCheck.require(lake, spec);
    List<Insight> insights =
        InsightReader.newest(lake.kernel()).stream()
            .filter(
                insight ->
                    !OF_A_METRIC.contains(insight.kind())
                        || insight.metric().equals(spec.objective().metric()))
            .toList();
    List<Run> studyRuns = runs(lake, ofStudy(lake.read(RunsTable.TABLE), spec));
    return new PlanningContext(
        spec,
        insights,
        TechniqueCards.builtIn(),
        runs(lake, bestOfEachStudy(lake.read(RunsTable.TABLE), spec)),
        studyRuns,
        noiseSd(insights, spec),
        CostBasis.of(spec, studyRuns, preflightRunTime));
  }

  private static List<Run> runs(SparkLake lake, Dataset<Row> rows) {
    return lake.collect(RunsTable.TABLE, rows).stream().map(RunsTable::decode).toList();
  }

  private static Dataset<Row> ofStudy(Dataset<Row> runs, CampaignSpec spec) {
    return runs.where(col("study").equalTo(spec.study().id())).orderBy("run_id");
  }

  private static Dataset<Row> bestOfEachStudy(Dataset<Row> runs, CampaignSpec spec) {
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

  /** Noise of the campaign's own study if it was mined, else the median over studies. */
  static double noiseSd(List<Insight> insights, CampaignSpec spec) {
    List<Insight> noises =
        insights.stream()
            .filter(i -> i.kind() == Insight.Kind.NOISE && i.effect().isPresent())
            .filter(i -> i.metric().equals(spec.objective().metric()))
            .filter(i -> i.effect().get().mean() > 0)
            .toList();
    Optional<Double> own =
        noises.stream()
            .filter(i -> spec.study().id().equals(i.conditions().get("study")))
            .map(i -> i.effect().orElseThrow().mean())
            .findFirst();
    double[] all = noises.stream().mapToDouble(i -> i.effect().get().mean()).sorted().toArray();
    return own.orElse(all.length == 0 ? DEFAULT_NOISE : all[all.length / 2]);
  }

  private static void record(
      SparkLake lake, CampaignSpec spec, List<Hypothesis> ranked, Plan plan, Instant now) {
    Set<String> planned =
        plan.hypotheses().stream().map(Hypothesis::hypothesisId).collect(Collectors.toSet());
    List<TableRow> rows = new ArrayList<>();
    for (Hypothesis hypothesis : ranked) {
      rows.add(
          HypothesesTable.encode(
              spec.campaignId(),
              hypothesis,
              rows.size() + 1,
              planned.contains(hypothesis.hypothesisId()),
              now));
    }
    Table hypotheses = HypothesesTable.TABLE;
    lake.replaceWhere(
        hypotheses, "campaign_id = '" + spec.campaignId() + "'", lake.rows(hypotheses, rows));
    lake.mergeNew(
        PlansTable.TABLE, lake.rows(PlansTable.TABLE, List.of(PlansTable.encode(plan, spec, now))));
  }
}
