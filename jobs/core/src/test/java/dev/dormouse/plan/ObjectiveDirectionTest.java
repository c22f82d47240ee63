package dev.dormouse.plan;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.ingest.DirectionOption;
import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.Importer;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.io.StudyDirections;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Metric.Basis;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Objective.Direction;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StatedDirection;
import dev.dormouse.model.StudyKey;
import dev.dormouse.table.RunsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** From an import through mining to a plan: history proposes what the metric's direction asks. */
@SparkTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObjectiveDirectionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir static Path root;
  @TempDir static Path files;
  private static SparkLake lake;
  private static Map<String, StatedDirection> imported;
  private static List<Insight> insights;

  /** Mining takes longest, so all tests but one share what it finds. */
  @BeforeAll
  static void mine() throws IOException {
    lake = SparkExtension.emptyLake(root.resolve("lake"));
    importRuns("ne", Optional.empty());
    importRuns("score", Optional.of(Direction.MINIMIZE));
    imported = StudyDirections.read(lake).byStudy();
    insights = Miner.mine(lake, NOW).insights();
  }

  @Test
  void wellKnownMetricsOfWhichLessIsBetterAreLowered() {
    requireThatDropoutIsRaised("ne");
  }

  @Test
  void unknownMetricsAreLoweredIfTheImportSaysSo() {
    assertThat(imported)
        .hasSize(4)
        .allSatisfy((study, stated) -> assertThat(stated.basis()).isEqualTo(Basis.OPTION));

    requireThatDropoutIsRaised("score");
    assertThat(StudyDirections.read(lake).byStudy())
        .as("mining and planning leave statements of the import alone")
        .containsAllEntriesOf(imported);
  }

  @Test
  void insightsMinedTheOtherWayAreMinedAgain() {
    SparkLake older = SparkExtension.emptyLake(root.resolve("older"));
    older.append(RunsTable.TABLE, lake.read(RunsTable.TABLE).where(col("metric").equalTo("score")));
    Miner.mine(older, NOW);
    CampaignSpec spec = spec("score", Direction.MINIMIZE, "0.1");

    assertThatThrownBy(() -> Planner.hypotheses(older, spec, Optional.empty(), Optional.empty()))
        .isInstanceOf(ObjectiveConflictException.class)
        .hasMessageEndingWith("run 'dormouse plan example', which records the direction");
    assertThatThrownBy(() -> Planner.plan(older, spec, Optional.empty(), NOW, Optional.empty()))
        .isInstanceOf(ObjectiveConflictException.class)
        .hasMessage(
            "Campaign 'example' says minimize for metric 'score', but insights on study"
                + " a/all:score@validation were mined to maximize it; run 'dormouse mine', then"
                + " this command again");
  }

  @Test
  void aCampaignThatContradictsTheLakeIsRefused() {
    CampaignSpec spec = spec("score", Direction.MAXIMIZE, "0.1");

    assertThatThrownBy(() -> Planner.plan(lake, spec, Optional.empty(), NOW, Optional.empty()))
        .isInstanceOf(ObjectiveConflictException.class)
        .hasMessage(
            "Campaign 'example' says maximize for metric 'score', but --direction says minimize for"
                + " study a/all:score@validation; create a campaign with that objective.direction,"
                + " or correct the study by 'dormouse import ... --direction maximize"
                + " --correct-direction'");
  }

  /** Comes first: a plan of another test would state the direction. */
  @Order(1)
  @Test
  void aCampaignThatTurnsAWellKnownMetricIsRefusedAndChangesNothing() {
    Map<String, StatedDirection> before = StudyDirections.read(lake).byStudy();
    assertThatThrownBy(
            () ->
                Planner.plan(
                    lake,
                    spec("ne", Direction.MAXIMIZE, "0.1"),
                    Optional.empty(),
                    NOW,
                    Optional.empty()))
        .isInstanceOf(ObjectiveConflictException.class)
        .hasMessageStartingWith(
            "Campaign 'example' says maximize for metric 'ne', but it is a well-known metric, with"
                + " minimize for study a/all:ne@validation; ");
    assertThat(StudyDirections.read(lake).byStudy()).isEqualTo(before);
  }

  private static void requireThatDropoutIsRaised(String metric) {
    assertThat(insights)
        .filteredOn(i -> i.metric().equals(metric))
        .filteredOn(i -> i.kind() == Insight.Kind.EFFECT && i.step().from().equals("0.1"))
        .singleElement()
        .satisfies(i -> assertThat(i.effect().orElseThrow().mean()).isBetween(0.003, 0.005));
    CampaignSpec spec = spec(metric, Direction.MINIMIZE, "0.1");
    List<Hypothesis> proposed =
        Planner.plan(lake, spec, Optional.empty(), NOW, Optional.empty()).hypotheses();

    assertThat(proposed).isNotEmpty();
    assertThat(proposed.get(0).source()).isEqualTo(Source.HISTORY);
    assertThat(proposed.get(0).changes()).contains(new Change("dropout", "0.1", "0.2"));
    assertThat(proposed.get(0).forecast().gain()).isPositive();
    assertThat(
            Planner.hypotheses(
                    lake,
                    spec(metric, Direction.MINIMIZE, "0.2"),
                    Optional.empty(),
                    Optional.empty())
                .hypotheses())
        .as("history does not lead away from the better value")
        .noneMatch(
            h ->
                h.source() == Source.HISTORY
                    && h.changes().contains(new Change("dropout", "0.2", "0.1")));
  }

  private static CampaignSpec spec(String metric, Direction direction, String dropout) {
    CampaignSpec example = ExampleCampaign.spec();
    return new CampaignSpec(
        example.campaignId(),
        new StudyKey("e", "all", metric, StudyKey.VALIDATION),
        new Objective(metric, direction, 0.0005),
        Arm.of(Map.of("model", "DNN", "dropout", dropout, "width", "8")),
        SearchSpace.of(
            List.of(
                Parameter.ofChoices("dropout", Parameter.Type.FLOAT, List.of("0.1", "0.2")),
                Parameter.ofChoices("width", Parameter.Type.INT, List.of("8", "16")))),
        example.training(),
        example.budget(),
        example.guardrails(),
        new CampaignSpec.Sources(true, false, CampaignSpec.LlmUse.NEVER),
        ExampleCampaign.trials(2, 3, 1, 2, 6));
  }

  /** Dropout 0.2 lowers the metric in every study; the width does nothing. */
  private static void importRuns(String metric, Optional<Direction> direction) throws IOException {
    Random random = new Random(7);
    StringBuilder rows =
        new StringBuilder(
            "run_id,dataset,model,metric.%s,seed,params.dropout,params.width\n".formatted(metric));
    int row = 0;
    for (String study : List.of("a", "b", "c", "d")) {
      for (String model : List.of("DCN", "DNN", "FM")) {
        for (int width : List.of(8, 16)) {
          for (double dropout : List.of(0.1, 0.2)) {
            for (int seed = 1; seed <= 2; seed++) {
              double value = 0.9 - (dropout > 0.1 ? 0.004 : 0) + 0.0008 * random.nextGaussian();
              rows.append(
                  String.format(
                      Locale.ROOT,
                      "%s%d,%s,%s,%.6f,%d,%s,%d%n",
                      metric,
                      row++,
                      study,
                      model,
                      value,
                      seed,
                      dropout,
                      width));
            }
          }
        }
      }
    }
    Path csv = Files.writeString(files.resolve(metric + ".csv"), rows);
    Importer.importRuns(
        lake,
        new ImportRequest(
            ImportRequest.Format.CSV,
            List.of(csv),
            Optional.empty(),
            "test",
            new DirectionOption(direction, DirectionOption.Conflict.REFUSE)),
        NOW);
  }
}
