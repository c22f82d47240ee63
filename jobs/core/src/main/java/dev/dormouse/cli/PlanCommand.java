package dev.dormouse.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.config.Deployment;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanText;
import dev.dormouse.tick.Campaigns;
import dev.dormouse.wiring.SparkJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Builds a campaign's plan from what the lake knows; it then waits for approval.")
final class PlanCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;

  @Option(
      names = "--run-seconds",
      paramLabel = "S",
      description = "Duration of one run in seconds, as 'dormouse preflight' measured it.")
  private Double runSeconds;

  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Deployment deployment = lake.deployment();
    KernelLake opened = LakeOptions.open(deployment);
    CampaignSpec spec = campaign.spec(opened);
    Optional<Duration> runTime =
        Optional.ofNullable(runSeconds).map(seconds -> Duration.ofMillis((long) (1000 * seconds)));
    Instant now = Instant.now();
    // Before planning, which writes hypotheses; and after it, since somebody may have approved.
    refusing(() -> Campaigns.requirePlannable(opened, campaign.id()));
    Plan plan = SparkJobs.plan(deployment, spec, runTime, now);
    refusing(() -> Campaigns.planned(opened, campaign.id(), plan, now));
    if (output.isJson()) {
      output.printJson(new PlanJson(plan, plan.hash()));
    } else {
      output.out().println(PlanText.markdown(plan));
      output
          .out()
          .printf(
              "Approve it with: dormouse approve %s --plan %s --by NAME%n",
              campaign.id(), plan.hash());
    }
    return ExitCode.OK;
  }

  private static void refusing(Runnable step) {
    try {
      step.run();
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(e.getMessage());
    }
  }

  /** What {@code --json} prints. */
  private record PlanJson(@JsonUnwrapped Plan plan, String planHash) {}
}
