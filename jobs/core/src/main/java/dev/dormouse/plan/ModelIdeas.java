package dev.dormouse.plan;

import dev.dormouse.hypothesize.IdeaContext;
import dev.dormouse.hypothesize.IdeaContexts;
import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.hypothesize.LlmIdeas;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.hypothesize.Ranking;
import dev.dormouse.hypothesize.Slots;
import dev.dormouse.hypothesize.Slots.Allocation;
import dev.dormouse.hypothesize.TrackRecords;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import dev.dormouse.research.Document;
import dev.dormouse.research.Embedder;
import dev.dormouse.research.Library;
import dev.dormouse.research.ResearchQuery;
import dev.dormouse.search.Outlook;
import dev.dormouse.stats.ForecastOutcome;
import dev.dormouse.stats.Recalibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Adds the ideas of a language model to the statistical hypotheses and shares out the trials. */
final class ModelIdeas {
  /** The largest number of cards and papers that a model is told. */
  static final int MOST_RESEARCH = 12;

  private final PlanningContext context;
  private final Outlook outlook;
  private final List<ForecastOutcome> outcomes;
  private final List<Document> papers;
  private final TrackRecords records;

  ModelIdeas(PlanningInputs inputs, Outlook outlook) {
    this.context = inputs.context();
    this.outlook = outlook;
    this.outcomes = inputs.outcomes();
    this.papers = inputs.papers();
    this.records = TrackRecords.of(outcomes);
  }

  /**
   * Asks the model for ideas, unless its track record leaves it no trial, and ranks them together
   * with the statistical hypotheses.
   */
  RankedHypotheses rank(List<Hypothesis> statistical, LlmBatches model) {
    double share = Slots.share(records.of(Source.LLM), records.ofOthers(Source.LLM));
    if (Slots.maxIdeas(share, context.spec().trials(Phase.VALIDATION)) == 0) {
      return new RankedHypotheses(
          Ranking.rank(statistical, records, outlook),
          List.of(overShare("it was not asked: " + shareLimit(share))));
    }
    LlmIdeas.Proposed proposed = propose(statistical, model);
    List<Hypothesis> all = new ArrayList<>(statistical);
    all.addAll(proposed.hypotheses());
    Allocation shared = Slots.allocate(Ranking.rank(all, records, outlook), share);
    List<IdeaRefusal> refusals = new ArrayList<>(proposed.refusals());
    shared.leftOver().forEach(idea -> refusals.add(overShare(shareLimit(share))));
    return new RankedHypotheses(shared.order(), refusals);
  }

  private LlmIdeas.Proposed propose(List<Hypothesis> statistical, LlmBatches model) {
    Optional<Embedder> embedder = Embedder.builtIn();
    return LlmIdeas.propose(
        ideaContext(statistical, Library.of(context.techniques(), papers, embedder)),
        IdeaContexts.known(context, statistical, outlook),
        model,
        embedder,
        Recalibration.learn(ofSource(Source.LLM), context.noiseSd()));
  }

  private static IdeaRefusal overShare(String detail) {
    return new IdeaRefusal(IdeaRefusal.Kind.TOO_MANY, detail);
  }

  private static String shareLimit(double share) {
    return String.format(
        Locale.ROOT,
        "of the first trials, however many, at most %.0f%% are for a language model's ideas",
        100 * share);
  }

  private IdeaContext ideaContext(List<Hypothesis> statistical, Library library) {
    long spent =
        context.studyRuns().stream()
            .filter(run -> run.campaignId().equals(Optional.of(context.spec().campaignId())))
            .mapToLong(run -> GpuHours.micros(run.costGpuHours().orElse(0)))
            .sum();
    return IdeaContexts.of(
        context,
        statistical,
        library.find(ResearchQuery.of(context.spec(), context.insights()), MOST_RESEARCH),
        spent);
  }

  private List<ForecastOutcome> ofSource(Source source) {
    return outcomes.stream().filter(outcome -> outcome.source().equals(source.id())).toList();
  }
}
