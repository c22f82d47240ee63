package dev.dormouse.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.io.SparkExtension;
import dev.dormouse.io.SparkLake;
import dev.dormouse.io.SparkTest;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.CostOrigin;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.InsightBuilder;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunBuilder;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.Step;
import dev.dormouse.model.StudyKey;
import dev.dormouse.plan.Planner;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TableRow;
import dev.dormouse.tuning.Splits.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns of three study families, from the lake to files that Python reads. */
@SparkTest
class PastCampaignsTest {
  private static final double BASELINE = 0.7;
  private static final Duration A_WEEK = Duration.ofDays(7);
  private static final Instant FIRST = Instant.parse("2026-01-05T00:00:00Z");
  private static final String LATER = "what a later mining says";
  private static final String EARLIER = "learning_rate x10: +0.0020, see /home/ann/history/7";

  @TempDir static Path root;
  private static TrainingSet set;

  @BeforeAll
  static void readTheLake() {
    SparkLake lake = SparkExtension.emptyLake(root.resolve("lake"));
    append(lake, insight("i-1", EARLIER), FIRST.minus(A_WEEK));
    append(lake, insight("i-2", LATER), FIRST.plus(A_WEEK.multipliedBy(9)));
    Instant week = FIRST;
    for (String family : List.of("news", "shop", "video")) {
      runCampaign(lake, family, week);
      week = week.plus(A_WEEK);
    }
    set = PastCampaigns.trainingSet(lake);
  }

  @Test
  void questionsHoldWhatWasKnownWhenTheCampaignWasPlanned() {
    for (JsonNode line : lines("chat")) {
      assertThat(line.at("/messages/0/role").asText()).isEqualTo("system");
      assertThat(line.at("/messages/1/content").asText())
          .startsWith("Propose 1 hypothesis: a set of changes")
          .contains("\"noise_sd\":0.001", "\"baseline\":{", "\"embedding_dim\":[\"8\"")
          .contains("learning_rate x10: +0.0020, see [path]", "\"low95\":0.001", "\"text1\"")
          .doesNotContain(LATER)
          .doesNotContain("gain +0.0");
    }
  }

  @Test
  void everyTriedHypothesisHasItsOutcome() {
    assertThat(set.counts().campaigns()).isEqualTo(3);
    assertThat(set.counts().answers()).isEqualTo(12);
    assertThat(lines("chat"))
        .extracting(line -> line.path("label").asText())
        .containsOnly("better", "worse", "unclear", "failed");
    JsonNode better =
        lines("chat").stream()
            .filter(line -> line.path("label").asText().equals("better"))
            .findFirst()
            .orElseThrow();
    assertThat(better.path("gain").asDouble()).isEqualTo(0.01, within(1e-9));
    assertThat(better.path("gain_sd").asDouble())
        .isEqualTo(better.path("noise_sd").asDouble() * Math.sqrt(1 + 1 / 3.0), within(1e-9));
    assertThat(better.path("status").asText()).isEqualTo("ok");
    JsonNode answer = Json.read(better.at("/messages/2/content").asText(), JsonNode.class);
    assertThat(answer.at("/ideas/0/changes")).isNotEmpty();
    assertThat(lines("preference"))
        .isNotEmpty()
        .allMatch(
            line ->
                line.path("gain_difference").isNull()
                    || line.path("gain_difference").asDouble()
                        > 2 * line.path("gain_difference_sd").asDouble());
  }

  @Test
  void familiesAreSplitByTime() {
    assertThat(families(Split.TRAIN)).containsExactly("news");
    assertThat(families(Split.VALIDATION)).containsExactly("shop");
    assertThat(families(Split.TEST)).containsExactly("video");
  }

  @Test
  void pythonReadsTheFiles() throws IOException, InterruptedException {
    Path folder = root.resolve("set");
    TrainingSetFolder.write(set, folder);
    String environment =
        Stream.of("DORMOUSE_TRL_PYTHON", "DORMOUSE_BENCH_PYTHON")
            .map(System::getenv)
            .filter(name -> name != null && !name.isEmpty())
            .findFirst()
            .orElse(null);
    assertThat(environment)
        .as(
            "DORMOUSE_BENCH_PYTHON names no Python environment (made from notebooks/requirements.txt)")
        .isNotNull();

    Process check =
        new ProcessBuilder(
                environment + "/bin/python3",
                "src/test/python/check_training_set.py",
                folder.toString(),
                "--cache",
                root.resolve("cache").toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as(printed).isZero();
    assertThat(printed).contains("\"chat/train\": 4", "\"chat/test\": 4", "\"preference/train\"");
  }

  private static List<JsonNode> lines(String kind) {
    return Stream.of(Split.values()).flatMap(split -> lines(kind, split).stream()).toList();
  }

  private static List<JsonNode> lines(String kind, Split split) {
    return set.files().getOrDefault(TrainingSet.path(kind, split), List.of()).stream()
        .map(line -> Json.read(line, JsonNode.class))
        .toList();
  }

  private static Set<String> families(Split split) {
    Set<String> families = new TreeSet<>();
    lines("chat", split).forEach(line -> families.add(line.path("study_family").asText()));
    return families;
  }

  /** Plans a campaign and tries its hypotheses: one gains, one loses, one fails, one is unclear. */
  private static void runCampaign(SparkLake lake, String family, Instant plannedAt) {
    CampaignSpec example = ExampleCampaign.spec("true", ".", ExampleCampaign.trials(3, 4, 0, 0, 0));
    CampaignSpec spec =
        new CampaignSpec(
            "camp-" + family,
            new StudyKey(family, "v1", "auc", StudyKey.VALIDATION),
            example.objective(),
            example.baseline(),
            example.searchSpace(),
            example.training(),
            example.budget(),
            example.guardrails(),
            example.sources(),
            example.trials());
    Plan plan = Planner.plan(lake, spec, Optional.empty(), plannedAt, Optional.empty());
    Instant hourLater = plannedAt.plusSeconds(3600);
    List<TableRow> runs = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      double value = BASELINE + 0.0005 * (seed - 2);
      runs.add(run(spec, "b-" + seed, spec.baseline(), OptionalDouble.of(value), hourLater));
    }
    List<OptionalDouble> gains =
        List.of(
            OptionalDouble.of(0.01),
            OptionalDouble.of(-0.01),
            OptionalDouble.empty(),
            OptionalDouble.of(0.0001));
    for (int i = 0; i < gains.size(); i++) {
      Hypothesis hypothesis = plan.hypotheses().get(i);
      OptionalDouble value =
          gains.get(i).isPresent()
              ? OptionalDouble.of(BASELINE + gains.get(i).getAsDouble())
              : OptionalDouble.empty();
      runs.add(run(spec, "v-" + i, hypothesis.arm(), value, hourLater.plusSeconds(60)));
    }
    lake.kernel().append(RunsTable.TABLE, runs);
  }

  private static TableRow run(
      CampaignSpec spec, String trial, Arm arm, OptionalDouble value, Instant ended) {
    Map<String, Double> metrics = new TreeMap<>();
    value.ifPresent(auc -> metrics.put("auc", auc));
    return RunsTable.encode(
        RunBuilder.builder()
            .runId(spec.campaignId() + "." + trial)
            .study(spec.study())
            .family(spec.study().dataset())
            .arm(arm)
            .seed(OptionalLong.of(1))
            .status(value.isPresent() ? RunStatus.OK : RunStatus.DIVERGED)
            .metrics(new TreeMap<>(metrics))
            .costGpuHours(OptionalDouble.of(0.01))
            .costSource(CostOrigin.MEASURED)
            .sweep(Optional.of(spec.campaignId()))
            .startedAt(Optional.of(ended.minusSeconds(30)))
            .finishedAt(Optional.of(ended))
            .source("dormouse")
            .provenance("test")
            .campaignId(Optional.of(spec.campaignId()))
            .trialId(Optional.of(trial))
            .attempt(1)
            .build());
  }

  private static Insight insight(String id, String statement) {
    return InsightBuilder.builder()
        .insightId(id)
        .kind(Insight.Kind.EFFECT)
        .statement(statement)
        .parameters(List.of("learning_rate"))
        .step(Step.of(Insight.Kind.EFFECT, "0.001", "0.01"))
        .conditions(new TreeMap<>())
        .modelVariants(List.of())
        .studies(List.of("other/v1:auc@validation"))
        .metric("auc")
        .effect(Optional.of(Insight.Effect.of(0.002, 0.001, 0.003).nPairs(12).build()))
        .trapOf("")
        .evidence(List.of())
        .build();
  }

  private static void append(SparkLake lake, Insight insight, Instant minedAt) {
    lake.append(
        InsightsTable.TABLE,
        lake.rows(InsightsTable.TABLE, List.of(InsightsTable.encode(insight, minedAt, 1, 1))));
  }
}
