package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.model.GpuHours;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse approve}. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = "Approves exactly one plan of a campaign; the next tick starts it.")
final class ApproveCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", description = "The campaign.")
  private String campaignId;

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "HASH",
      description = "The plan, as 'dormouse plan' printed it.")
  private String planHash;

  @Option(names = "--by", required = true, paramLabel = "NAME", description = "Who approves.")
  private String by;

  @Option(
      names = "--cap",
      paramLabel = "GPU_HOURS",
      description = "Approve another budget than the plan asks for, in GPU-hours.")
  private Double cap;

  @Override
  public Integer call() {
    KernelLake lake = openLake();
    CampaignMessages.requireChannel(deployment());
    CampaignMessages.approve(
        lake, campaignId, planHash, cap == null ? 0 : GpuHours.micros(cap), by, Instant.now());
    out().println("Approved plan " + planHash + " of " + campaignId + "; the next tick starts it.");
    return ExitCode.OK;
  }
}
