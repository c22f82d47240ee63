package dev.dormouse.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse campaign halt ID}. */
@Command(
    name = "halt",
    mixinStandardHelpOptions = true,
    description = "Ends a campaign and stops its runs.")
final class CampaignHaltCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private PersonOption person;
  @Mixin private CommentOption comment;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    new CampaignMessages(lake.open(), campaign.id(), person.name(), Instant.now())
        .halt(comment.text());
    output.out().println(CampaignMessages.SENT);
    return ExitCode.OK;
  }
}
