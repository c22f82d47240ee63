package dev.dormouse.cli;

import dev.dormouse.research.PaperFileException;
import dev.dormouse.research.PaperFiles;
import dev.dormouse.wiring.SparkJobs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse papers import FILE}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Adds papers from JSON lines (.jsonl), BibTeX (.bib) or a feed of arXiv (.xml, .atom)."
            + " Leaves papers that the library already has unchanged.")
final class PapersImportCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 20;

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file;

  @Option(
      names = "--licence",
      paramLabel = "TEXT",
      defaultValue = "",
      description =
          "Licence of entries that state none. Without it their abstracts are not kept, only"
              + " bibliographic facts.")
  private String licence;

  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    PaperFiles.Contents contents = read();
    long added = SparkJobs.addPapers(lake.deployment().lake(), contents.papers());
    Summary summary = new Summary(added, contents.papers().size(), contents.refused());
    if (output.isJson()) {
      output.printJson(summary);
    } else {
      output
          .out()
          .printf(
              "%d papers read, %d new, %d entries refused%n",
              summary.read(), summary.added(), summary.refused().size());
      summary.refused().stream().limit(MOST_SHOWN).forEach(output.err()::println);
    }
    return ExitCode.OK;
  }

  private PaperFiles.Contents read() {
    try {
      return PaperFiles.read(file, licence);
    } catch (PaperFileException e) {
      throw CommandException.badInput(e.getMessage());
    }
  }

  /** What {@code --json} prints. */
  private record Summary(long added, int read, List<String> refused) {}
}
