package dev.dormouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.cli.text.ImportText;
import dev.dormouse.cli.text.InsightText;
import dev.dormouse.config.CampaignFile;
import dev.dormouse.config.Deployment;
import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.Importer;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mine.Miner;
import dev.dormouse.mine.MiningSummary;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanText;
import dev.dormouse.plan.Planner;
import dev.dormouse.report.HtmlReport;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.table.Json;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.Campaigns;
import dev.dormouse.training.TrialRun;
import dev.dormouse.wiring.Services;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code dormouse demo}: the whole story on embedded defaults. It goes through the same commands as
 * a user would; ticks are separate processes and trainings detached ones. This process only is the
 * clock that wakes the ticks, and the screen.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "The whole story: real history, a real campaign on real small trainings, ticks, MLflow, a"
            + " report.")
final class DemoCommand implements Callable<Integer> {
  private static final String MARKER = ".dormouse-demo";
  private static final String APPROVER = "demo (automatic)";
  private static final int TOP_INSIGHTS = 10;

  @Spec private CommandSpec spec;

  @Option(names = "--fast", description = "A smaller campaign: under two minutes.")
  private boolean fast;

  @Option(
      names = "--json",
      description = "End with one JSON object on standard output; all else goes to standard error.")
  private boolean json;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Where the demo's lake, runs and report go; emptied first (default: .dormouse/demo).")
  private Path directory;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path home =
        Path.of(System.getenv().getOrDefault("DORMOUSE_HOME", ".")).toAbsolutePath().normalize();
    Path state =
        Path.of(
            System.getenv().getOrDefault("DORMOUSE_STATE", home.resolve(".dormouse").toString()));
    Path demo =
        (directory == null ? state.resolve("demo") : directory).toAbsolutePath().normalize();
    PrintWriter screen = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    CampaignSpec campaign =
        CampaignFile.read(
            home.resolve("jobs/examples/ctr")
                .resolve(fast ? "campaign-fast.yaml" : "campaign.yaml"));
    Optional<Path> python = Optional.ofNullable(System.getenv("DORMOUSE_PYTHON_ENV")).map(Path::of);
    if (python.isEmpty()) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "The demo trains with Python, and no environment could be made; install Python 3.11 with"
              + " venv and pip, then run it again.");
    }
    emptied(demo);
    Deployment deployment = Deployment.local(demo.resolve("lake"), demo.resolve("work"));
    DemoServices services = new DemoServices(home, demo, python.get());
    services.startMlflow();
    services.prepareData();

    Plan plan = learnAndPlan(home, campaign, deployment, screen);
    heading(screen, "4  Approve (by the demo, through the same path as 'dormouse approve')");
    KernelLake lake = KernelLake.at(deployment.lake());
    CampaignMessages.approve(lake, campaign.campaignId(), plan.hash(), 0, APPROVER, Instant.now());
    screen.println("Plan " + plan.hash() + " approved by " + APPROVER + ".");

    heading(screen, "5  Run: ticks wake, decide, launch and exit; trainings go on without them");
    Optional<URI> mlflow = services.mlflow();
    screen.println(
        mlflow
            .map(uri -> "MLflow: " + uri)
            .orElse("MLflow did not start; its outbox waits in the lake ('dormouse publish')."));
    int ticks = new DemoClock(services, campaign.campaignId(), lake, screen).run();

    heading(screen, "6  Learn and report");
    Path report = demo.resolve("report.html");
    HtmlReport.write(CampaignLookup.reportData(lake, campaign.campaignId()), report);
    CampaignState ended = CampaignLog.read(lake).states().get(campaign.campaignId());
    screen.println(
        ended
            .verdict()
            .map(v -> "Verdict: " + v.kind().text() + ". " + v.explanation())
            .orElse("The campaign is " + ended.status().id() + "."));
    screen.println("Outcomes are runs of the lake now: " + deployment.lake());
    screen.println("Report: " + report);
    mlflow.ifPresent(
        uri ->
            screen.println(
                "MLflow keeps running at " + uri + "; stop it with: " + services.stopCommand()));
    screen.flush();
    if (json) {
      printResult(ended, ticks, demo, report, mlflow);
    }
    return ended.verdict().isPresent() ? ExitCode.OK : ExitCode.BUDGET_REACHED;
  }

  private Plan learnAndPlan(
      Path home, CampaignSpec campaign, Deployment deployment, PrintWriter screen) {
    Path data = home.resolve("insights-lake/data");
    return SparkJobs.inSession(
        deployment.lake(),
        spark -> {
          heading(screen, "1  Remember: import the published CTR history");
          ImportRequest history =
              new ImportRequest(
                  ImportRequest.Format.PARQUET,
                  List.of(data.resolve("history"), data.resolve("dev")),
                  Optional.empty(),
                  "published");
          ImportText.print(Importer.importRuns(spark, history, Instant.now()), screen);
          heading(screen, "2  Mine: what history teaches");
          MiningSummary mined = Miner.mine(spark, Instant.now());
          InsightText.printMining(mined, TOP_INSIGHTS, screen);
          heading(screen, "3  Hypothesize, rank, plan: " + campaign.campaignId());
          Instant now = Instant.now();
          Campaigns.create(spark.kernel(), campaign, "demo", now);
          TrialRun.Result trial = tryBaseline(campaign, deployment);
          screen.println(
              "Preflight: the baseline "
                  + trial
                      .runTime()
                      .map(
                          t ->
                              String.format(Locale.ROOT, "trains in %.1f s", t.toMillis() / 1000.0))
                      .orElse("fails: " + trial.failure()));
          if (trial.runTime().isEmpty()) {
            throw new CommandException(
                ExitCode.GUARDRAIL, "The baseline does not train: " + trial.failure());
          }
          Plan plan = Planner.plan(spark, campaign, trial.runTime(), now, Optional.empty());
          Campaigns.planned(spark.kernel(), campaign.campaignId(), plan, now);
          screen.println(PlanText.markdown(plan));
          screen.flush();
          return plan;
        });
  }

  private static TrialRun.Result tryBaseline(CampaignSpec campaign, Deployment deployment) {
    try {
      return TrialRun.ofBaseline(campaign, Services.backend(deployment), Clock.systemUTC());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new TrialRun.Result(Optional.empty(), "interrupted");
    }
  }

  private static void heading(PrintWriter screen, String text) {
    screen.println();
    screen.println("== " + text);
    screen.flush();
  }

  private void printResult(
      CampaignState ended, int ticks, Path demo, Path report, Optional<URI> mlflow) {
    ObjectNode result = Json.mapper().valueToTree(CampaignSummary.of(ended));
    result.put("ticks", ticks);
    result.put("lake", demo.resolve("lake").toString());
    result.put("report", report.toString());
    mlflow.ifPresent(uri -> result.put("mlflow", uri.toString()));
    spec.commandLine().getOut().println(Json.write(result));
  }

  /** Empties the demo's directory, but never one that is not the demo's. */
  private static void emptied(Path demo) throws IOException {
    if (Files.exists(demo)) {
      boolean ours = Files.exists(demo.resolve(MARKER));
      try (Stream<Path> files = Files.walk(demo)) {
        List<Path> all =
            files.filter(file -> !file.equals(demo)).sorted(Comparator.reverseOrder()).toList();
        if (!ours && !all.isEmpty()) {
          throw CommandException.badInput(
              demo + " is not empty and not from an earlier demo; choose another --dir.");
        }
        for (Path file : all) {
          // The tracking server of an earlier demo may still be running.
          if (!file.startsWith(demo.resolve("mlflow"))) {
            Files.delete(file);
          }
        }
      }
    }
    Files.createDirectories(demo);
    Files.writeString(
        demo.resolve(MARKER),
        "Made by 'dormouse demo', which empties this directory when it runs again.\n");
  }
}
