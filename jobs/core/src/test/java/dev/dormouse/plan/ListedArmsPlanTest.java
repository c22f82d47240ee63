package dev.dormouse.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.hypothesize.OutcomeReader;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import dev.dormouse.tick.PlanForecastReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for a search space that is a list of arms. */
@SparkTest
class ListedArmsPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Arm BASELINE = arm("dnn", "0.001", "16");
  private static final List<Arm> LISTED =
      List.of(
          BASELINE,
          arm("dnn", "0.01", "16"),
          arm("dnn", "0.0003", "32"),
          arm("dcn", "0.001", "64"),
          arm("dcn", "0.01", "8"));

  @TempDir Path root;

  @Test
  void ideasOfHistoryAreMappedToTheList() {
    SparkLake lake = lake();
    CampaignSpec spec = spec();

    Plan plan = Planner.plan(lake, spec, Optional.empty(), NOW, Optional.empty());

    assertThat(plan.hypotheses()).extracting(Hypothesis::arm).isSubsetOf(LISTED.subList(1, 5));
    assertThat(plan.hypotheses())
        .as("the best arm of the past study has another learning rate, so that it is not listed")
        .filteredOn(hypothesis -> hypothesis.arm().equals(arm("dcn", "0.001", "64")))
        .singleElement()
        .satisfies(
            hypothesis -> {
              assertThat(hypothesis.source()).isEqualTo(Source.HISTORY);
              assertThat(hypothesis.rationale()).startsWith("The best arm of study past/all");
            });
  }

  @Test
  void whatIsBuiltFromInputsIsWhatIsRecorded() {
    SparkLake lake = lake();
    CampaignSpec spec = spec();
    PlanningInputs inputs = PlanningInputs.read(lake, spec, Optional.empty(), false);
    PlanDraft built = Planner.build(inputs, inputs.context().outlook(), Optional.empty());

    Plan plan = Planner.plan(lake, spec, Optional.empty(), NOW, Optional.empty());

    assertThat(plan).isEqualTo(built.plan());
    assertThat(new PlanForecastReader(lake.kernel()).of(plan)).contains(built.forecasts());
    assertThat(OutcomeReader.read(lake)).isEmpty();
  }

  private SparkLake lake() {
    SparkLake lake = SparkExtension.emptyLake(root.resolve("lake"));
    List<TableRow> runs = new ArrayList<>();
    for (String model : List.of("dnn", "dcn")) {
      for (String rate : List.of("0.003", "0.03")) {
        for (String width : List.of("8", "16", "64")) {
          double gain = (model.equals("dcn") ? 0.01 : 0) + Double.parseDouble(width) / 10_000;
          runs.add(run("r" + runs.size(), arm(model, rate, width), 0.7 + gain));
        }
      }
    }
    lake.append(RunsTable.TABLE, lake.rows(RunsTable.TABLE, runs));
    return lake;
  }

  private static TableRow run(String id, Arm arm, double value) {
    return RunsTable.encode(
        RunBuilder.builder()
            .runId(id)
            .study(new StudyKey("past", "all", "auc", StudyKey.VALIDATION))
            .family("past")
            .arm(arm)
            .seed(OptionalLong.empty())
            .status(RunStatus.OK)
            .metrics(new TreeMap<>(Map.of("auc", value)))
            .costGpuHours(OptionalDouble.empty())
            .costSource(CostOrigin.UNKNOWN)
            .sweep(Optional.empty())
            .trainSamples(OptionalLong.empty())
            .startedAt(Optional.empty())
            .finishedAt(Optional.empty())
            .source("test")
            .provenance("test")
            .campaignId(Optional.empty())
            .trialId(Optional.empty())
            .attempt(0)
            .build());
  }

  private static CampaignSpec spec() {
    CampaignSpec example = ExampleCampaign.spec("true", ".", ExampleCampaign.trials(1, 4, 1, 3, 0));
    return new CampaignSpec(
        example.campaignId(),
        example.study(),
        example.objective(),
        BASELINE,
        SearchSpace.ofArms(LISTED),
        example.training(),
        example.budget(),
        example.guardrails(),
        example.sources(),
        example.trials());
  }

  private static Arm arm(String model, String rate, String width) {
    return Arm.of(Map.of("model", model, "learning_rate", rate, "width", width));
  }
}
