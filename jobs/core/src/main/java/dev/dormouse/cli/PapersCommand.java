package dev.dormouse.cli;

import picocli.CommandLine.Command;

/** {@code dormouse papers ...}. */
@Command(
    name = "papers",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Manages the papers of the research library.",
    subcommands = PapersImportCommand.class)
final class PapersCommand {}
