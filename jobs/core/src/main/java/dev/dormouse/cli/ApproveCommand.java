package dev.dormouse.cli;

import dev.dormouse.model.GpuHours;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse approve}. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = "Approves exactly one plan of a campaign; the next tick starts it.")
final class ApproveCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private PlanDecisionOptions decision;

  @Option(
      names = "--cap",
      paramLabel = "GPU_HOURS",
      description = "Approve another budget than the plan's, in GPU-hours.")
  private Optional<Double> cap;

  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    CampaignMessages.requireChannel(lake.deployment());
    CampaignMessages messages =
        new CampaignMessages(lake.open(), campaign.id(), decision.by(), Instant.now());
    // A cap of 0 means the plan's.
    OptionalLong capMicros =
        cap.stream().mapToLong(GpuHours::micros).filter(micros -> micros > 0).findFirst();
    messages.approve(decision.planHash(), capMicros);
    output
        .out()
        .printf(
            "Approved plan %s of %s; the next tick starts it.%n",
            decision.planHash(), campaign.id());
    return ExitCode.OK;
  }
}
