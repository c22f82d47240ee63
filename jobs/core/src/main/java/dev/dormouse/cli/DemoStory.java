package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.cli.text.ImportText;
import dev.dormouse.cli.text.InsightText;
import dev.dormouse.config.Deployment;
import dev.dormouse.ingest.ImportRequest;
import dev.dormouse.ingest.Importer;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.SparkLake;
import dev.dormouse.mine.Miner;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanText;
import dev.dormouse.plan.Planner;
import dev.dormouse.report.HtmlReport;
import dev.dormouse.report.ReportData;
import dev.dormouse.tick.Campaigns;
import dev.dormouse.training.TrialRun;
import dev.dormouse.wiring.Services;
import dev.dormouse.wiring.SparkJobs;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The demo's flow from imported history to a report, one method a chapter. Each chapter calls what
 * the command of its name calls. Ticks are separate processes and trainings detached ones; this
 * process only schedules the ticks and prints.
 */
final class DemoStory {
  private static final String APPROVER = "demo (automatic)";
  private static final int TOP_INSIGHTS = 10;

  private final DemoServices services;
  private final CampaignSpec campaign;
  private final Deployment deployment;
  private final PrintWriter screen;

  /**
   * @param services the demo's directories and processes
   * @param screen where the story is printed
   */
  DemoStory(DemoServices services, CampaignSpec campaign, PrintWriter screen) {
    this.services = services;
    this.campaign = campaign;
    this.deployment = Deployment.local(services.lake(), services.workDir());
    this.screen = screen;
  }

  /**
   * How the demo ended.
   *
   * @param state the campaign's state at its end
   * @param ticks number of ticks
   * @param mlflow the tracking server; empty if it did not start
   */
  record Ending(CampaignState state, int ticks, Path lake, Path report, Optional<URI> mlflow) {}

  /** Runs all chapters; takes minutes. */
  Ending run() throws IOException, InterruptedException {
    services.startMlflow();
    services.prepareData();
    Plan plan =
        SparkJobs.inSession(
            deployment.lake(),
            lake -> {
              importHistory(lake);
              mine(lake);
              return plan(lake);
            });
    KernelLake lake = KernelLake.at(deployment.lake());
    approve(lake, plan);
    Optional<URI> mlflow = services.mlflow();
    int ticks = runTicks(lake, mlflow);
    return report(lake, ticks, mlflow);
  }

  private void importHistory(SparkLake lake) {
    heading("1  Remember: import the published CTR history");
    Path data = services.home().resolve("insights-lake/data");
    ImportRequest history =
        new ImportRequest(
            ImportRequest.Format.PARQUET,
            List.of(data.resolve("history"), data.resolve("dev")),
            Optional.empty(),
            "published");
    ImportText.print(Importer.importRuns(lake, history, Instant.now()), screen);
  }

  private void mine(SparkLake lake) {
    heading("2  Mine: what history teaches");
    InsightText.printMining(Miner.mine(lake, Instant.now()), TOP_INSIGHTS, screen);
  }

  private Plan plan(SparkLake lake) {
    heading("3  Hypothesize, rank, plan: " + campaign.campaignId());
    Instant now = Instant.now();
    Campaigns.create(lake.kernel(), campaign, "demo", now);
    Duration runTime = timeBaseline();
    screen.printf(
        Locale.ROOT, "Preflight: the baseline trains in %.1f s%n", runTime.toMillis() / 1000.0);
    Plan plan = Planner.plan(lake, campaign, Optional.of(runTime), now, Optional.empty());
    Campaigns.planned(lake.kernel(), campaign.campaignId(), plan, now);
    screen.println(PlanText.markdown(plan));
    screen.flush();
    return plan;
  }

  private Duration timeBaseline() {
    TrialRun.Result trial;
    try {
      trial = TrialRun.ofBaseline(campaign, Services.localBackend(deployment), Clock.systemUTC());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trial = new TrialRun.Result(Optional.empty(), "interrupted");
    }
    String failure = trial.failure();
    return trial
        .runTime()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.GUARDRAIL, "The baseline does not train: " + failure));
  }

  private void approve(KernelLake lake, Plan plan) {
    heading("4  Approve (by the demo, through the same path as 'dormouse approve')");
    new CampaignMessages(lake, campaign.campaignId(), APPROVER, Instant.now())
        .approve(plan.hash(), OptionalLong.empty());
    screen.println("Plan " + plan.hash() + " approved by " + APPROVER + ".");
  }

  private int runTicks(KernelLake lake, Optional<URI> mlflow)
      throws IOException, InterruptedException {
    heading("5  Run: ticks wake, decide, launch and exit; trainings go on without them");
    screen.println(
        mlflow
            .map(uri -> "MLflow: " + uri)
            .orElse("MLflow did not start; its outbox waits in the lake ('dormouse publish')."));
    return new DemoScheduler(services, campaign.campaignId(), lake, screen).run(mlflow);
  }

  private Ending report(KernelLake lake, int ticks, Optional<URI> mlflow) {
    heading("6  Learn and report");
    ReportData data = CampaignLookup.reportData(lake, campaign.campaignId());
    HtmlReport.write(data, services.report());
    CampaignState state = data.state();
    screen.println(
        state
            .verdict()
            .map(v -> "Verdict: " + v.kind().text() + ". " + v.explanation())
            .orElse("The campaign is " + state.status().id() + "."));
    screen.println("Outcomes are runs of the lake now: " + deployment.lake());
    screen.println("Report: " + services.report());
    mlflow.ifPresent(
        uri ->
            screen.println(
                "MLflow keeps running at " + uri + "; stop it with: " + services.stopCommand()));
    screen.flush();
    return new Ending(state, ticks, deployment.lake(), services.report(), mlflow);
  }

  private void heading(String text) {
    screen.println();
    screen.println("== " + text);
    screen.flush();
  }
}
