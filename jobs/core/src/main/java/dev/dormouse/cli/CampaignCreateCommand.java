package dev.dormouse.cli;

import dev.dormouse.config.CampaignFile;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.tick.Campaigns;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dormouse campaign create FILE}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = "Creates a campaign from its file.")
final class CampaignCreateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The campaign file.")
  private Path file;

  @Mixin private PersonOption person;
  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    CampaignSpec spec = CampaignFile.read(file);
    try {
      Campaigns.create(lake.openOrCreate(), spec, person.name(), Instant.now());
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(e.getMessage());
    }
    output
        .out()
        .printf(
            "Created %1$s; next: 'dormouse preflight %1$s', then 'dormouse plan %1$s'.%n",
            spec.campaignId());
    return ExitCode.OK;
  }
}
