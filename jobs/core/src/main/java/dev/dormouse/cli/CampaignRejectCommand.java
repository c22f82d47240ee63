package dev.dormouse.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse campaign reject ID --plan HASH --by NAME}. */
@Command(
    name = "reject",
    mixinStandardHelpOptions = true,
    description = "Rejects a plan; the campaign then needs another one.")
final class CampaignRejectCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private PlanDecisionOptions decision;
  @Mixin private CommentOption comment;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    CampaignMessages.requireChannel(lake.deployment());
    new CampaignMessages(lake.open(), campaign.id(), decision.by(), Instant.now())
        .reject(decision.planHash(), comment.text());
    output.out().println("Rejected plan " + decision.planHash() + " of " + campaign.id() + ".");
    return ExitCode.OK;
  }
}
