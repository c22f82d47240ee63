package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.research.Embedder;
import dev.dormouse.research.Library;
import dev.dormouse.research.Library.Found;
import dev.dormouse.research.Papers;
import dev.dormouse.research.ResearchQuery;
import dev.dormouse.research.TechniqueCards;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse research}. */
@Command(
    name = "research",
    mixinStandardHelpOptions = true,
    description =
        "Shows which technique cards and papers fit a campaign's baseline, search space and"
            + " insights, and why.")
final class ResearchCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "15",
      description = "Number of results to show (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--by-words", description = "Search by words alone, without embeddings.")
  private boolean byWords;

  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw CommandException.badInput("--limit is " + limit + "; it must be at least 1.");
    }
    KernelLake opened = lake.open();
    CampaignSpec spec = campaign.spec(opened);
    Library library =
        Library.of(
            TechniqueCards.builtIn(),
            Papers.documents(opened),
            byWords ? Optional.empty() : Embedder.builtIn());
    if (!byWords && !library.searchesByMeaning()) {
      output.err().println("Embeddings do not load on this machine; searching by words.");
    }
    List<Found> found = library.find(ResearchQuery.of(spec, InsightReader.newest(opened)), limit);
    if (output.isJson()) {
      output.printJson(found.stream().map(FoundJson::of).toList());
      return ExitCode.OK;
    }
    for (Found one : found) {
      output
          .out()
          .printf(
              Locale.ROOT,
              "%.2f  %s %s: %s%n      %s%n      why: %s%n",
              one.score(),
              kind(one),
              one.document().id(),
              one.document().title(),
              one.document().source(),
              String.join("; ", one.reasons()));
    }
    return ExitCode.OK;
  }

  private static String kind(Found found) {
    return found.document().kind().name().toLowerCase(Locale.ROOT);
  }

  /** An element of {@code --json}, which other programs read. */
  private record FoundJson(
      String id,
      String kind,
      String licence,
      List<String> reasons,
      double score,
      String source,
      String title) {
    static FoundJson of(Found found) {
      return new FoundJson(
          found.document().id(),
          ResearchCommand.kind(found),
          found.document().licence(),
          found.reasons(),
          found.score(),
          found.document().source(),
          found.document().title());
    }
  }
}
