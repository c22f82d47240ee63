package dev.dormouse.cli;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import picocli.CommandLine.Parameters;

/** The campaign that a command is about: positional parameter {@code ID}. A picocli mixin. */
final class CampaignArgument {
  @Parameters(index = "0", paramLabel = "ID", description = "The campaign.")
  private String id;

  String id() {
    return id;
  }

  /**
   * Reads the log of campaigns and returns the state of this one.
   *
   * @throws CommandException if the lake has no such campaign
   */
  CampaignState state(KernelLake lake) {
    return CampaignLookup.state(lake, id);
  }

  /**
   * Reads the log of campaigns and returns the campaign file of this one.
   *
   * @throws CommandException if the lake has no such campaign
   */
  CampaignSpec spec(KernelLake lake) {
    return state(lake)
        .spec()
        .orElseThrow(() -> new IllegalStateException("Campaign " + id + " has no Created event"));
  }
}
