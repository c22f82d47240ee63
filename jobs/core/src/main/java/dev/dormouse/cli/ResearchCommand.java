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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse research}. */
@Command(
    name = "research",
    mixinStandardHelpOptions = true,
    description =
        "Shows which technique cards and papers fit a campaign's baseline, search space and"
            + " insights, and why.")
final class ResearchCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", description = "The campaign.")
  private String campaignId;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "15",
      description = "How many to show (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--by-words", description = "Searches by words alone, without embeddings.")
  private boolean byWords;

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw CommandException.badInput("--limit is " + limit + "; it must be at least 1.");
    }
    KernelLake lake = openLake();
    CampaignSpec spec = CampaignLookup.spec(lake, campaignId);
    Library library =
        Library.of(
            TechniqueCards.builtIn(),
            Papers.documents(lake),
            byWords ? Optional.empty() : Embedder.builtIn());
    if (!byWords && !library.searchesByMeaning()) {
      err().println("Embeddings do not load on this machine; searching by words.");
    }
    List<Found> found = library.find(ResearchQuery.of(spec, InsightReader.newest(lake)), limit);
    if (json) {
      printJson(found.stream().map(ResearchCommand::fields).toList());
      return ExitCode.OK;
    }
    for (Found one : found) {
      out()
          .printf(
              Locale.ROOT,
              "%.2f  %s %s: %s%n      %s%n      why: %s%n",
              one.score(),
              one.document().kind().name().toLowerCase(Locale.ROOT),
              one.document().id(),
              one.document().title(),
              one.document().source(),
              String.join("; ", one.reasons()));
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> fields(Found found) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", found.document().id());
    fields.put("kind", found.document().kind().name().toLowerCase(Locale.ROOT));
    fields.put("title", found.document().title());
    fields.put("score", found.score());
    fields.put("reasons", found.reasons());
    fields.put("source", found.document().source());
    fields.put("licence", found.document().licence());
    return fields;
  }
}
