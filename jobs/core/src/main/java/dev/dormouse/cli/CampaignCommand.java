package dev.dormouse.cli;

import picocli.CommandLine.Command;

/** {@code dormouse campaign ...}. */
@Command(
    name = "campaign",
    mixinStandardHelpOptions = true,
    description = "Creates, shows and controls campaigns.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CampaignCreateCommand.class,
      CampaignListCommand.class,
      CampaignShowCommand.class,
      CampaignRejectCommand.class,
      CampaignPauseCommand.class,
      CampaignResumeCommand.class,
      CampaignHaltCommand.class,
      CampaignBudgetCommand.class,
      CampaignLogCommand.class,
      CampaignTouchesCommand.class
    })
final class CampaignCommand {}
