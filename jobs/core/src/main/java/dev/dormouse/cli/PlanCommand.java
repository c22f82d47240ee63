package dev.dormouse.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.PlanText;
import dev.dormouse.table.Json;
import dev.dormouse.tick.Campaigns;
import dev.dormouse.wiring.SparkJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse plan}. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Builds a campaign's plan from what the lake knows; it then waits for approval.")
final class PlanCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", description = "The campaign.")
  private String campaignId;

  @Option(
      names = "--run-seconds",
      paramLabel = "S",
      description = "How long one run takes, as 'dormouse preflight' measured it.")
  private Double runSeconds;

  @Option(names = "--json", description = "The plan as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    KernelLake lake = openLake();
    CampaignSpec spec = CampaignLookup.spec(lake, campaignId);
    Optional<Duration> runTime =
        Optional.ofNullable(runSeconds).map(seconds -> Duration.ofMillis((long) (1000 * seconds)));
    Instant now = Instant.now();
    Plan plan = SparkJobs.plan(deployment(), spec, runTime, now);
    try {
      Campaigns.planned(lake, campaignId, plan, now);
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(e.getMessage());
    }
    if (json) {
      printJson(Json.mapper().<ObjectNode>valueToTree(plan).put("planHash", plan.hash()));
    } else {
      out().println(PlanText.markdown(plan));
      out()
          .println(
              "Approve it with: dormouse approve "
                  + campaignId
                  + " --plan "
                  + plan.hash()
                  + " --by NAME");
    }
    return ExitCode.OK;
  }
}
