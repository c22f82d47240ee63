package dev.dormouse.cli;

import dev.dormouse.model.GpuHours;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse campaign budget ID --cap GPU_HOURS}. */
@Command(
    name = "budget",
    mixinStandardHelpOptions = true,
    description = "Sets another budget cap for a campaign.")
final class CampaignBudgetCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;

  @Option(
      names = "--cap",
      required = true,
      paramLabel = "GPU_HOURS",
      description = "The new cap, in GPU-hours.")
  private double cap;

  @Mixin private PersonOption person;
  @Mixin private CommentOption comment;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    if (cap <= 0) {
      throw CommandException.badInput("--cap is " + cap + "; it must be above 0.");
    }
    new CampaignMessages(lake.open(), campaign.id(), person.name(), Instant.now())
        .setBudget(GpuHours.micros(cap), comment.text());
    output.out().println(CampaignMessages.SENT);
    return ExitCode.OK;
  }
}
