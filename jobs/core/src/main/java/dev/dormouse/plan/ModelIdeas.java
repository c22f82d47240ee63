package dev.dormouse.plan;

import dev.dormouse.hypothesize.HypothesisOutcome;
import dev.dormouse.hypothesize.IdeaContext;
import dev.dormouse.hypothesize.IdeaContexts;
import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.hypothesize.LlmIdeas;
import dev.dormouse.hypothesize.OutcomeReader;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.hypothesize.Ranking;
import dev.dormouse.hypothesize.Ranking.TrackRecord;
import dev.dormouse.hypothesize.Slots;
import dev.dormouse.hypothesize.Slots.Allocation;
import dev.dormouse.io.SparkLake;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import dev.dormouse.research.Embedder;
import dev.dormouse.research.Library;
import dev.dormouse.research.Papers;
import dev.dormouse.research.ResearchQuery;
import dev.dormouse.stats.ForecastOutcome;
import dev.dormouse.stats.Recalibration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Adds the ideas of a language model to the statistical hypotheses and shares out the trials. */
final class ModelIdeas {
  private static final int MOST_RESEARCH = 12;

  private ModelIdeas() {}

  /**
   * Asks the model for ideas, unless its track record leaves it no trial, and ranks them together
   * with the statistical hypotheses.
   */
  static RankedHypotheses rank(
      SparkLake lake, PlanningContext context, List<Hypothesis> statistical, LlmBatches model) {
    List<ForecastOutcome> outcomes =
        OutcomeReader.read(lake).stream().map(HypothesisOutcome::forecast).toList();
    Map<Source, TrackRecord> records = trackRecords(outcomes);
    double share =
        Slots.share(records.getOrDefault(Source.LLM, TrackRecord.NONE), statisticalRecord(records));
    if (Slots.most(share, context.spec().trials(Phase.VALIDATION)) == 0) {
      return new RankedHypotheses(
          Ranking.rank(statistical, records),
          List.of(
              new IdeaRefusal(
                  IdeaRefusal.Kind.TOO_MANY, "it was not asked: " + shareLimit(share))));
    }
    Optional<Embedder> embedder = Embedder.builtIn();
    LlmIdeas.Proposed proposed =
        LlmIdeas.propose(
            ideaContext(lake, context, statistical, embedder),
            IdeaContexts.known(context, statistical),
            model,
            embedder,
            Recalibration.learn(ofSource(outcomes, Source.LLM), context.noiseSd()));
    List<Hypothesis> all = new ArrayList<>(statistical);
    all.addAll(proposed.hypotheses());
    Allocation shared = Slots.allocate(Ranking.rank(all, records), share);
    List<IdeaRefusal> refusals = new ArrayList<>(proposed.refusals());
    shared
        .left()
        .forEach(
            idea -> refusals.add(new IdeaRefusal(IdeaRefusal.Kind.TOO_MANY, shareLimit(share))));
    return new RankedHypotheses(shared.order(), refusals);
  }

  private static String shareLimit(double share) {
    return String.format(
        Locale.ROOT,
        "of the first trials, however many, at most %.0f%% are for a language model's ideas",
        100 * share);
  }

  private static IdeaContext ideaContext(
      SparkLake lake,
      PlanningContext context,
      List<Hypothesis> statistical,
      Optional<Embedder> embedder) {
    Library library = Library.of(context.techniques(), Papers.documents(lake.kernel()), embedder);
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

  private static Map<Source, TrackRecord> trackRecords(List<ForecastOutcome> outcomes) {
    Map<Source, TrackRecord> records = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      List<ForecastOutcome> own = ofSource(outcomes, source);
      records.put(
          source,
          new TrackRecord(
              own.size(),
              own.stream()
                  .filter(o -> o.gain().isPresent() && o.gain().getAsDouble() > 0)
                  .count()));
    }
    return records;
  }

  /** Returns the record of all sources but the language model, added up. */
  private static TrackRecord statisticalRecord(Map<Source, TrackRecord> records) {
    return records.entrySet().stream()
        .filter(entry -> entry.getKey() != Source.LLM)
        .map(Map.Entry::getValue)
        .reduce(
            TrackRecord.NONE,
            (a, b) -> new TrackRecord(a.trials() + b.trials(), a.gained() + b.gained()));
  }

  private static List<ForecastOutcome> ofSource(List<ForecastOutcome> outcomes, Source source) {
    return outcomes.stream().filter(outcome -> outcome.source().equals(source.id())).toList();
  }
}
