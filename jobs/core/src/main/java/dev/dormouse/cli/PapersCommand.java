package dev.dormouse.cli;

import dev.dormouse.research.PaperFileException;
import dev.dormouse.research.PaperFiles;
import dev.dormouse.wiring.SparkJobs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse papers}. */
@Command(
    name = "papers",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "The papers of the research library.",
    subcommands = PapersCommand.Import.class)
final class PapersCommand {
  /** {@code dormouse papers import}. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description =
          "Adds papers from JSON lines (.jsonl), BibTeX (.bib) or a feed of arXiv (.xml, .atom). Papers that are there already stay as they are.")
  static final class Import extends LakeCommand {
    private static final int MOST_SHOWN = 20;

    @Parameters(paramLabel = "FILE", description = "The file.")
    private Path file;

    @Option(
        names = "--licence",
        paramLabel = "TEXT",
        defaultValue = "",
        description =
            "Licence of entries that state none. Without it their abstracts are not kept, only bibliographic facts.")
    private String licence;

    @Option(names = "--json", description = "The summary as JSON.")
    private boolean json;

    @Override
    public Integer call() {
      PaperFiles.Contents contents;
      try {
        contents = PaperFiles.read(file, licence);
      } catch (PaperFileException e) {
        throw CommandException.badInput(e.getMessage());
      }
      long added = SparkJobs.addPapers(deployment().lake(), contents.papers());
      if (json) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("read", contents.papers().size());
        summary.put("added", added);
        summary.put("refused", contents.refused());
        printJson(summary);
      } else {
        out()
            .printf(
                "%d papers read, %d new, %d entries refused%n",
                contents.papers().size(), added, contents.refused().size());
        contents.refused().stream().limit(MOST_SHOWN).forEach(why -> err().println(why));
      }
      return ExitCode.OK;
    }
  }
}
