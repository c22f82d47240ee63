package dev.dormouse.cli;

import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.CampaignText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse campaign show ID}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows the status, spending and results of a campaign.")
final class CampaignShowCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    CampaignSummary summary = CampaignSummary.of(campaign.state(lake.open()));
    if (output.isJson()) {
      output.printJson(summary);
    } else {
      output.out().println(CampaignText.of(summary));
    }
    return ExitCode.OK;
  }
}
