package dev.dormouse.cli;

import picocli.CommandLine.Command;

/** {@code dormouse llm ...}. */
@Command(
    name = "llm",
    mixinStandardHelpOptions = true,
    description = "Shows the use of language models.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = LlmStatusCommand.class)
final class LlmCommand {}
