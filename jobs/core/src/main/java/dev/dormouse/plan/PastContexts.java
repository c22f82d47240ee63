package dev.dormouse.plan;

import dev.dormouse.hypothesize.IdeaContext;
import dev.dormouse.hypothesize.IdeaContexts;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.io.SparkLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.research.Embedder;
import dev.dormouse.research.Library;
import dev.dormouse.research.Library.Found;
import dev.dormouse.research.Papers;
import dev.dormouse.research.ResearchQuery;
import dev.dormouse.research.TechniqueCards;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rebuilds what a language model would have been told when a campaign was planned, from what the
 * lake knew then. Papers have no time; all of them count as known.
 */
public final class PastContexts {
  private final SparkLake lake;
  private final Library library;

  /** Reads the papers of a lake. */
  public PastContexts(SparkLake lake) {
    this.lake = lake;
    this.library =
        Library.of(TechniqueCards.builtIn(), Papers.documents(lake.kernel()), Embedder.builtIn());
  }

  /**
   * A context of the past.
   *
   * @param context what a model would have been told, without hypotheses of other sources
   * @param licences the licences of the cards and papers in it
   */
  public record PastContext(IdeaContext context, Set<String> licences) {
    public PastContext {
      licences = Set.copyOf(licences);
    }
  }

  /** Returns the context of a campaign at a time before its first training. */
  public PastContext at(CampaignSpec spec, Instant known) {
    PlanningContext planning = PlanningInputs.readAt(lake, spec, known);
    List<Found> found =
        library.find(ResearchQuery.of(spec, planning.insights()), ModelIdeas.MOST_RESEARCH);
    return new PastContext(
        IdeaContexts.of(planning, List.of(), found, 0),
        found.stream().map(one -> one.document().licence()).collect(Collectors.toSet()));
  }
}
