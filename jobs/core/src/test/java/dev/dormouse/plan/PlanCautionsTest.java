package dev.dormouse.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.Insight;
import dev.dormouse.model.InsightBuilder;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlanCautionsTest {
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

  @Test
  void aPlanSaysInSixLinesWhatHistoryCannotTell() {
    List<Run> runs = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      runs.add(run("old-" + seed, "winter", 0.700 + 0.001 * seed, JANUARY));
      runs.add(run("new-" + seed, "spring", 0.800 + 0.001 * seed, MAY));
    }
    List<Insight> insights =
        List.of(
            insight(Insight.Kind.DRIFT, "the effect of batch_size falls", "batch_size"),
            insight(Insight.Kind.DRIFT, "the effect of learning_rate falls", "learning_rate"),
            insight(Insight.Kind.DRIFT, "the effect of dropout falls", "dropout"),
            insight(Insight.Kind.TRAP, "another feature set leaks", ""));

    List<String> cautions =
        PlanCautions.of(context(runs, insights), IgnoredParameters.NONE, List.of());

    assertThat(cautions).hasSize(6);
    assertThat(cautions.get(0))
        .startsWith("No past run varies")
        .contains("learning_rate (always 0.001)");
    assertThat(cautions.get(1)).contains("100% are of study clicks/v1:auc@validation");
    assertThat(cautions.get(2))
        .contains("The baseline changed by +0.10000", "between winter and spring");
    assertThat(cautions.get(3)).isEqualTo("the effect of batch_size falls.");
    assertThat(cautions.get(4)).isEqualTo("the effect of learning_rate falls.");
    assertThat(cautions.get(5)).startsWith("No hypothesis has an outcome");
  }

  @Test
  void aPlanSaysWhatItDoesNotVaryBecauseTheModelIgnoresIt() {
    IgnoredParameters ignored =
        new IgnoredParameters(
            new TreeMap<>(
                Map.of(
                    "dcnv2", new TreeSet<>(List.of("heads")),
                    "dnn", new TreeSet<>(List.of("heads", "cross_layers")))));

    assertThat(PlanCautions.of(context(List.of(), List.of()), ignored, List.of()))
        .anyMatch(
            line ->
                line.startsWith("Not varied")
                    && line.endsWith(": dcnv2: heads; dnn: cross_layers, heads."));
  }

  @Test
  void thePlanThatIsApprovedShowsThemAndItsHashCoversThem() {
    Plan without = plan(List.of());
    Plan with = plan(List.of("No past run sets batch_size."));

    assertThat(PlanText.markdown(with))
        .contains("## What history cannot tell\n\n- No past run sets batch_size.\n\n## Hypotheses");
    assertThat(PlanText.markdown(without)).doesNotContain("What history cannot tell");
    assertThat(with.hash()).isNotEqualTo(without.hash());
  }

  private static Plan plan(List<String> cautions) {
    Plan plan = ExampleCampaign.plan(SPEC);
    return new Plan(
        plan.campaignId(),
        plan.phases(),
        plan.hypotheses(),
        plan.cost(),
        plan.capMicros(),
        plan.stopRules(),
        plan.notTried(),
        Optional.of(new Plan.Basis("f1-0", 0.001, List.of(), Optional.empty(), cautions)));
  }

  private static PlanningContext context(List<Run> runs, List<Insight> insights) {
    return new PlanningContext(
        SPEC,
        insights,
        List.of(),
        List.of(),
        runs,
        List.of(),
        0.001,
        new Plan.CostEstimate(1, 2, 3, "test"));
  }

  private static Run run(String id, String sweep, double auc, Instant ended) {
    return RunBuilder.builder()
        .runId(id)
        .study(SPEC.study())
        .family("clicks")
        .arm(Arm.of(new TreeMap<>(ExampleCampaign.BASELINE.asMap())))
        .seed(OptionalLong.empty())
        .status(RunStatus.OK)
        .metrics(new TreeMap<>(Map.of("auc", auc)))
        .costGpuHours(OptionalDouble.empty())
        .costSource(CostOrigin.UNKNOWN)
        .sweep(Optional.of(sweep))
        .trainSamples(OptionalLong.empty())
        .startedAt(Optional.empty())
        .finishedAt(Optional.of(ended))
        .source("test")
        .provenance("test")
        .campaignId(Optional.empty())
        .trialId(Optional.empty())
        .attempt(0)
        .build();
  }

  private static Insight insight(Insight.Kind kind, String statement, String parameter) {
    return InsightBuilder.builder()
        .insightId(statement)
        .kind(kind)
        .statement(statement)
        .parameters(parameter.isEmpty() ? List.of() : List.of(parameter))
        .step(new Step.None())
        .conditions(new TreeMap<>())
        .modelVariants(List.of())
        .studies(List.of("clicks/v2:auc@validation"))
        .metric("auc")
        .effect(Optional.empty())
        .trapOf("")
        .evidence(List.of())
        .build();
  }
}
