package dev.dormouse.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse campaign pause ID}. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Pauses a campaign: it launches no training until it is resumed.")
final class CampaignPauseCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private PersonOption person;
  @Mixin private CommentOption comment;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    new CampaignMessages(lake.open(), campaign.id(), person.name(), Instant.now())
        .pause(comment.text());
    output.out().println(CampaignMessages.SENT);
    return ExitCode.OK;
  }
}
