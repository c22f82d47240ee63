package dev.dormouse.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse campaign resume ID}. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Resumes a campaign that was paused.")
final class CampaignResumeCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private PersonOption person;
  @Mixin private CommentOption comment;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    new CampaignMessages(lake.open(), campaign.id(), person.name(), Instant.now())
        .resume(comment.text());
    output.out().println(CampaignMessages.SENT);
    return ExitCode.OK;
  }
}
