package dev.dormouse.tuning;

import dev.dormouse.hypothesize.Idea;
import dev.dormouse.hypothesize.IdeaAnswer;
import dev.dormouse.hypothesize.IdeaContext;
import dev.dormouse.hypothesize.IdeaPrompt;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Source;
import dev.dormouse.plan.PastContexts;
import dev.dormouse.plan.PastContexts.PastContext;
import dev.dormouse.stats.Samples;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.PlansTable;
import dev.dormouse.table.TableRow;
import dev.dormouse.tuning.PastCampaign.Answer;
import dev.dormouse.tuning.PastCampaign.Noise;
import dev.dormouse.tuning.PastCampaign.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Reads the campaigns of a lake that have outcomes, with what was known when they were planned. */
public final class PastCampaigns {
  private static final String UNREADABLE_PLAN = "the plan of their campaign cannot be read";
  private static final String SECRET_ARMS = "the arms of their campaign hold secrets or paths";
  private static final String NO_ANSWER = "no answer that Dormouse accepts says what they say";
  private static final String NO_OUTCOME =
      "their runs were stopped early or lost, which says nothing of them";

  private final SparkLake lake;
  private final PastContexts contexts;
  private final Map<String, List<TableRow>> hypotheses;
  private final Map<String, TableRow> plans;
  private final Map<String, String> families;
  private final Map<String, Instant> begins;
  private final SortedMap<String, Integer> excluded = new TreeMap<>();

  private PastCampaigns(SparkLake lake) {
    this.lake = lake;
    this.contexts = new PastContexts(lake);
    this.hypotheses =
        lake.kernel().read(HypothesesTable.TABLE).rows().stream()
            .collect(Collectors.groupingBy(row -> row.text("campaign_id")));
    this.plans =
        lake.kernel().read(PlansTable.TABLE).rows().stream()
            .collect(
                Collectors.toMap(
                    row -> row.text("campaign_id"), Function.identity(), PastCampaigns::newer));
    this.families =
        pairs(
            "SELECT dataset, min(family) FROM runs WHERE campaign_id IS NULL GROUP BY dataset",
            row -> row.getString(1));
    this.begins =
        pairs(
            "SELECT campaign_id, min(coalesce(started_at, finished_at)) FROM runs"
                + " WHERE campaign_id IS NOT NULL GROUP BY campaign_id",
            row -> row.isNullAt(1) ? Instant.MAX : row.getInstant(1));
  }

  /** Reads a lake and builds its training set. */
  public static TrainingSet trainingSet(SparkLake lake) {
    if (lake.kernel().version(HypothesesTable.TABLE) < 1) {
      return TrainingSet.of(List.of(), new TreeMap<>());
    }
    lake.registerViews();
    PastCampaigns reader = new PastCampaigns(lake);
    List<PastCampaign> campaigns = reader.read();
    return TrainingSet.of(campaigns, reader.excluded);
  }

  private List<PastCampaign> read() {
    Map<String, List<Row>> outcomes =
        lake
            .spark()
            .sql(
                "SELECT * FROM forecast_outcomes WHERE finished_at IS NOT NULL"
                    + " ORDER BY campaign_id, hypothesis_id, finished_at")
            .collectAsList()
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.getAs("campaign_id"), TreeMap::new, Collectors.toList()));
    List<PastCampaign> campaigns = new ArrayList<>();
    outcomes.forEach((id, rows) -> campaign(id, rows).ifPresent(campaigns::add));
    return campaigns;
  }

  private Optional<PastCampaign> campaign(String id, List<Row> rows) {
    Map<String, List<Row>> byHypothesis =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.getAs("hypothesis_id"), TreeMap::new, Collectors.toList()));
    Optional<CampaignSpec> spec = spec(id);
    if (spec.isEmpty()) {
      exclude(UNREADABLE_PLAN, byHypothesis.size());
      return Optional.empty();
    }
    Instant known = known(id);
    PastContext past = contexts.at(spec.get(), known);
    if (Redacted.hasSecretArms(past.context())) {
      exclude(SECRET_ARMS, byHypothesis.size());
      return Optional.empty();
    }
    IdeaContext context = Redacted.context(withUntried(past.context(), id, byHypothesis));
    Noise noise = noise(context, rows.get(0));
    List<Answer> answers = new ArrayList<>();
    for (TableRow hypothesis : hypotheses.get(id)) {
      List<Row> runs = byHypothesis.getOrDefault(hypothesis.text("hypothesis_id"), List.of());
      if (!runs.isEmpty()) {
        answer(context, hypothesis, runs, noise).ifPresent(answers::add);
      }
    }
    answers.sort(Comparator.comparing(Answer::hypothesisId));
    LlmRequest request = IdeaPrompt.ideas(context, 1);
    return answers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PastCampaign(
                id,
                Redacted.text(spec.get().study().id()),
                Redacted.text(family(spec.get())),
                spec.get().objective().metric(),
                known,
                new Question(request.system(), request.prompt(), request.schemaJson()),
                noise,
                answers,
                past.licences()));
  }

  private Optional<CampaignSpec> spec(String campaignId) {
    try {
      return Optional.ofNullable(plans.get(campaignId))
          .map(row -> Json.read(row.text("spec"), CampaignSpec.class));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private String family(CampaignSpec spec) {
    return families.getOrDefault(spec.study().dataset(), spec.study().dataset());
  }

  /** Returns when the hypotheses were ranked, but never a time after the first training began. */
  private Instant known(String campaignId) {
    Instant ranked =
        hypotheses.get(campaignId).stream()
            .map(row -> row.instant("ranked_at"))
            .min(Comparator.naturalOrder())
            .orElseThrow();
    // A run ends after it begins, so nothing of the campaign has ended a moment before.
    Instant begin = begins.getOrDefault(campaignId, Instant.MAX);
    return begin.isBefore(ranked) ? begin.minusMillis(1) : ranked;
  }

  /** Adds the hypotheses of other sources that were not tried: a model must not repeat those. */
  private IdeaContext withUntried(
      IdeaContext context, String campaignId, Map<String, List<Row>> tried) {
    List<String> untried =
        hypotheses.get(campaignId).stream()
            .filter(row -> !tried.containsKey(row.text("hypothesis_id")))
            .filter(row -> !row.text("source").equals(Source.LLM.id()))
            .sorted(Comparator.comparingLong(row -> row.number("rank")))
            .map(row -> String.join(", ", row.texts("changes")))
            .toList();
    return new IdeaContext(
        context.campaignId(),
        context.objective(),
        context.baseline(),
        context.space(),
        context.evidence(),
        untried,
        context.funds());
  }

  private static Noise noise(IdeaContext context, Row outcome) {
    int runs = Math.toIntExact(outcome.<Long>getAs("baseline_runs"));
    double sd = number(outcome, "noise").orElse(0);
    return new Noise(
        Samples.pooledSd(sd * sd, Math.max(0, runs - 1), context.funds().noiseSd()), runs);
  }

  private Optional<Answer> answer(
      IdeaContext context, TableRow hypothesis, List<Row> runs, Noise noise) {
    Outcome outcome = outcome(runs, noise);
    if (outcome.label().isEmpty()) {
      exclude(NO_OUTCOME, 1);
      return Optional.empty();
    }
    Optional<String> json =
        IdeaAnswer.of(context, Redacted.proposed(proposed(hypothesis, runs.get(0))));
    if (json.isEmpty()) {
      exclude(NO_ANSWER, 1);
    }
    return json.map(
        text ->
            new Answer(hypothesis.text("hypothesis_id"), hypothesis.text("source"), text, outcome));
  }

  private static IdeaAnswer.Proposed proposed(TableRow hypothesis, Row forecast) {
    return new IdeaAnswer.Proposed(
        Source.valueOf(hypothesis.text("source").toUpperCase(Locale.ROOT)),
        new Arm(hypothesis.text("model_variant"), new TreeMap<>(hypothesis.textMap("params"))),
        hypothesis.text("claim"),
        hypothesis.text("rationale"),
        hypothesis.texts("evidence"),
        new Idea.Claims(
            forecast.<Double>getAs("claimed_low"),
            forecast.<Double>getAs("claimed_gain"),
            forecast.<Double>getAs("claimed_high"),
            forecast.<Double>getAs("claimed_p_success"),
            forecast.<Double>getAs("claimed_p_failure"),
            hypothesis.fraction("predicted_cost_gpu_hours")));
  }

  private static Outcome outcome(List<Row> runs, Noise noise) {
    double[] gains = runs.stream().flatMapToDouble(row -> number(row, "gain").stream()).toArray();
    Instant ended =
        runs.stream()
            .map(row -> row.<Instant>getAs("finished_at"))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    if (gains.length == 0) {
      return new Outcome(
          RunStatus.fromId(runs.get(runs.size() - 1).getAs("status")),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          0,
          ended);
    }
    return new Outcome(
        RunStatus.OK,
        OptionalDouble.of(Samples.mean(gains)),
        OptionalDouble.of(noise.sd() * Math.sqrt(1.0 / gains.length + 1.0 / noise.baselineRuns())),
        gains.length,
        ended);
  }

  private void exclude(String reason, int count) {
    excluded.merge(reason, count, Integer::sum);
  }

  private <T> Map<String, T> pairs(String query, Function<Row, T> value) {
    return lake.spark().sql(query).collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getString(0), value));
  }

  private static TableRow newer(TableRow one, TableRow other) {
    return one.instant("planned_at").isBefore(other.instant("planned_at")) ? other : one;
  }

  private static OptionalDouble number(Row row, String column) {
    Double number = row.getAs(column);
    return number == null || !Double.isFinite(number)
        ? OptionalDouble.empty()
        : OptionalDouble.of(number);
  }
}
