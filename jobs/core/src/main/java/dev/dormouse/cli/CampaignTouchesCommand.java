package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.cli.text.Columns;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse campaign touches ID}. */
@Command(
    name = "touches",
    mixinStandardHelpOptions = true,
    description = "Lists the actions of people on a campaign.")
final class CampaignTouchesCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    List<CampaignState.Touch> touches = campaign.state(lake.open()).touches();
    if (output.isJson()) {
      output.printJson(touches);
    } else {
      Columns.print(
          output.out(),
          List.of("at", "what", "by", "how", "detail"),
          touches.stream()
              .map(t -> List.of(t.at().toString(), t.kind(), t.by(), t.channel(), t.detail()))
              .toList());
    }
    return ExitCode.OK;
  }
}
