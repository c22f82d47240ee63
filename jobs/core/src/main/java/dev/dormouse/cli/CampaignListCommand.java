package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.cli.text.Columns;
import dev.dormouse.model.GpuHours;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.tick.CampaignLog;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse campaign list}. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all campaigns.")
final class CampaignListCommand implements Callable<Integer> {
  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Collection<CampaignState> states = CampaignLog.read(lake.open()).states().values();
    if (output.isJson()) {
      output.printJson(states.stream().map(CampaignSummary::of).toList());
    } else {
      Columns.print(
          output.out(),
          List.of("campaign", "status", "phase", "runs", "spent", "cap"),
          states.stream().map(CampaignListCommand::row).toList());
    }
    return ExitCode.OK;
  }

  private static List<String> row(CampaignState state) {
    return List.of(
        state.campaignId(),
        state.status().id(),
        state.phase().map(phase -> phase.id()).orElse("-"),
        Integer.toString(state.attempts().size()),
        GpuHours.text(state.settledMicros()),
        state.approval().map(a -> GpuHours.text(a.capMicros())).orElse("-"));
  }
}
