package dev.dormouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.table.HypothesesTable;
import dev.dormouse.table.Json;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.Campaigns;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Commands as a user meets them: what they print where, and what they exit with. */
class CommandLineTest {
  private static final Path CAMPAIGN = Path.of("../examples/ctr/campaign.yaml");

  @TempDir Path directory;
  private String out = "";
  private String err = "";

  @BeforeEach
  void createCampaign() {
    assertThat(run("campaign", "create", CAMPAIGN.toString(), "--by", "ann")).isZero();
  }

  @Test
  void showsANewCampaignAsTextAndAsJson() throws IOException {
    assertThat(run("campaign", "list")).isZero();
    assertThat(out).contains("movielens-ctr").contains("created");

    assertThat(run("campaign", "show", "movielens-ctr", "--json")).isZero();
    JsonNode shown = Json.mapper().readTree(out);
    assertThat(shown.path("campaign").asText()).isEqualTo("movielens-ctr");
    assertThat(shown.path("touches").asInt()).isEqualTo(1);

    assertThat(run("campaign", "log", "movielens-ctr")).isZero();
    assertThat(out).startsWith("1  ").contains("Created");
  }

  @Test
  void aCampaignFileWithMistakesIsExitCodeTwoAndNothingIsWritten() throws IOException {
    Path bad =
        Files.writeString(
            directory.resolve("bad.yaml"),
            Files.readString(CAMPAIGN).replace("max_parallel: 2", "max_paralel: 2"));

    assertThat(run("campaign", "create", bad.toString())).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err)
        .contains("bad.yaml:")
        .contains("budget.max_paralel: is unknown; did you mean 'max_parallel'?")
        .doesNotContain("Exception");
    assertThat(CampaignLog.read(lake()).states()).hasSize(1);
  }

  @Test
  void theSameCampaignTwiceIsRefused() {
    assertThat(run("campaign", "create", CAMPAIGN.toString())).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("There is a campaign 'movielens-ctr' already");
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThat(run("campaign", "show", "other")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("There is no campaign 'other'").contains("movielens-ctr");

    assertThat(runPlain("insights", "--lake", directory.resolve("none").toString()))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("There is no lake at");
  }

  @Test
  void approvalIsForTheNewestPlanOnlyAndTheTickActsOnIt() {
    assertThat(run("approve", "movielens-ctr", "--plan", "x", "--by", "ann"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("has no plan yet");

    Plan plan = planned();
    assertThat(run("tick")).isEqualTo(ExitCode.WAITING_FOR_APPROVAL);
    assertThat(run("approve", "movielens-ctr", "--plan", "stale", "--by", "ann"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("Plan stale is not the newest").contains(plan.hash());

    assertThat(run("approve", "movielens-ctr", "--plan", plan.hash(), "--by", "ann")).isZero();
    assertThat(run("tick", "--dry-run")).isZero();
    assertThat(out).contains("is approved by ann").contains("phase baseline begins");
    assertThat(run("campaign", "halt", "movielens-ctr", "--by", "bob")).isZero();
    assertThat(run("tick")).isZero();
    assertThat(run("campaign", "touches", "movielens-ctr")).isZero();
    assertThat(out).contains("approve").contains("ann").contains("halt").contains("bob");
  }

  @Test
  void aCampaignThatIsOverIsNotPlannedAgainAndItsHypothesesStay() {
    Plan plan = planned();
    assertThat(run("approve", "movielens-ctr", "--plan", plan.hash(), "--by", "ann")).isZero();
    assertThat(run("campaign", "halt", "movielens-ctr", "--by", "bob")).isZero();
    assertThat(run("tick")).isZero();

    assertThat(run("plan", "movielens-ctr")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("is halted; create a new one");
    assertThat(lake().exists(HypothesesTable.TABLE)).as("written by planning").isFalse();
  }

  @Test
  void aPlanThatWasReplacedIsRefusedWithTheReason() {
    Plan old = planned();
    Plan plan =
        new Plan(
            old.campaignId(),
            old.phases(),
            List.of(),
            old.cost(),
            old.capMicros(),
            List.of("another rule"),
            old.notTried());
    KernelLake lake = lake();
    assertThat(
            Campaigns.replanned(
                lake, old.campaignId(), old.hash(), plan, "replanned: new runs", Instant.now()))
        .isTrue();
    assertThat(
            Campaigns.replanned(lake, old.campaignId(), old.hash(), plan, "again", Instant.now()))
        .as("its plan is another one now")
        .isFalse();

    assertThat(run("approve", "movielens-ctr", "--plan", old.hash(), "--by", "ann"))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("that is " + plan.hash() + " (replanned: new runs)");
    assertThat(run("campaign", "show", "movielens-ctr")).isZero();
    assertThat(out).contains("replanned: new runs");
    assertThat(run("learn", "--due")).as("no campaign ended").isEqualTo(ExitCode.NOTHING_TO_DO);
  }

  @Test
  void approvalsOfAChannelThatTheDeploymentDoesNotAllowAreRefused() throws IOException {
    Plan plan = planned();
    Path deployment =
        Files.writeString(
            directory.resolve("only-mlflow.properties"),
            "lake=lake\nmlflow.uri=http://127.0.0.1:9\napproval.channels=mlflow\n");
    String file = deployment.toString();
    for (List<String> command : List.of(List.of("approve"), List.of("campaign", "reject"))) {
      List<String> line = new ArrayList<>(command);
      line.addAll(List.of("movielens-ctr", "--plan", plan.hash(), "--by", "ann"));
      line.addAll(List.of("--deployment", file));
      assertThat(runPlain(line.toArray(String[]::new))).isEqualTo(ExitCode.GUARDRAIL);
      assertThat(err).contains("takes approvals only from mlflow");
    }
  }

  @Test
  void theDoctorNamesWhatIsMissing() throws IOException {
    assertThat(run("doctor", "--json")).isEqualTo(ExitCode.GUARDRAIL);
    JsonNode checks = Json.mapper().readTree(out);
    assertThat(checks.findValuesAsText("name")).contains("tables", "log", "work");
    assertThat(out).contains("missing:").contains("1 events of 1 campaigns verify");
  }

  @Test
  void unknownCommandsAreExitCodeTwo() {
    assertThat(runPlain("dance")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("dance");
    assertThat(runPlain("--version")).isZero();
    assertThat(out).startsWith("dormouse");
  }

  @Test
  void aCommandWhoseJarIsMissingSaysWhichOne() {
    for (String name : List.of("bench", "replay")) {
      assertThat(run(Dormouse.commandLine(List.of()), name, "simulate", "--campaigns", "10"))
          .isEqualTo(ExitCode.BAD_INPUT);
      assertThat(err)
          .startsWith("dormouse: '" + name + "' is not installed")
          .contains("jobs/eval", "./mvnw package")
          .hasLineCount(1);
    }
    assertThat(run(Dormouse.commandLine(List.of()), "--help")).isZero();
    assertThat(out).contains("campaign").doesNotContain("bench");
  }

  @Test
  void commandsOfAProviderTakeThePlaceOfTheMissingOnes() {
    CommandProvider provider = () -> List.of(OtherBench.class);
    assertThat(run(Dormouse.commandLine(List.of(provider)), "bench")).isEqualTo(42);
    assertThat(run(Dormouse.commandLine(List.of(provider)), "replay"))
        .isEqualTo(ExitCode.BAD_INPUT);
  }

  @Command(name = "bench")
  static final class OtherBench implements Callable<Integer> {
    @Override
    public Integer call() {
      return 42;
    }
  }

  @Test
  void theWarmUpOfTheLauncherRunsItsTraining() {
    assertThat(runPlain("warm-up")).isZero();
    assertThat(out).contains("1 launched", "1 settled");
  }

  private Plan planned() {
    CampaignSpec spec = CampaignLog.read(lake()).states().get("movielens-ctr").spec().orElseThrow();
    CostEstimate cost = new CostEstimate(1, 2, 3, "test");
    Plan plan =
        new Plan(
            spec.campaignId(),
            List.of(),
            List.of(),
            cost,
            spec.budget().gpuHoursMicros(),
            List.of(),
            List.of());
    Campaigns.planned(lake(), spec.campaignId(), plan, Instant.EPOCH);
    return plan;
  }

  private KernelLake lake() {
    return KernelLake.at(directory.resolve("lake"));
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--lake", directory.resolve("lake").toString()));
    return runPlain(all.toArray(String[]::new));
  }

  private int runPlain(String... arguments) {
    return run(Dormouse.commandLine(), arguments);
  }

  private int run(CommandLine commandLine, String... arguments) {
    StringWriter outWriter = new StringWriter();
    StringWriter errWriter = new StringWriter();
    int code =
        commandLine
            .setOut(new PrintWriter(outWriter))
            .setErr(new PrintWriter(errWriter))
            .execute(arguments);
    out = outWriter.toString();
    err = errWriter.toString();
    return code;
  }

  @Test
  void aDamagedCheckpointOfTheLogIsSetAsideOnlyWhenEveryCommitIsThere() throws IOException {
    Path log = lake().root().resolve("control_events/_delta_log");
    for (int i = 0; i < 50; i++) {
      CampaignLog newest = CampaignLog.read(lake());
      assertThat(
              newest.append(
                  Map.of("movielens-ctr", List.of(new CampaignEvent.Struck("x"))),
                  Instant.EPOCH,
                  "test"))
          .isPresent();
    }
    Path checkpoint = log.resolve(String.format("%020d.checkpoint.parquet", 50));
    Files.writeString(checkpoint, "not Parquet");

    assertThat(run("campaign", "list")).isEqualTo(ExitCode.GUARDRAIL);
    assertThat(err).contains("cannot be read", "doctor").doesNotContain("\tat ");
    assertThat(run("doctor")).isEqualTo(ExitCode.GUARDRAIL);

    Path first = log.resolve(String.format("%020d.json", 3));
    Path elsewhere = Files.move(first, directory.resolve("3.json"));
    assertThat(run("doctor", "--repair")).isEqualTo(ExitCode.GUARDRAIL);
    assertThat(out).contains("Commit 3 of table control_events is missing");
    assertThat(checkpoint).exists();

    Files.move(elsewhere, first);
    run("doctor", "--repair");
    assertThat(out).contains("51 events of 1 campaigns verify", "set aside");
    assertThat(run("campaign", "list")).isZero();
  }

  @Test
  void aLakeInAnObjectStoreIsRefused() {
    assertThat(runPlain("tick", "--lake", "s3a://bucket/lake")).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(err).contains("object store", "hard links");
  }
}
