package dev.dormouse.plan;

import dev.dormouse.caution.Caution;
import dev.dormouse.caution.MeanChange;
import dev.dormouse.caution.MinedCautions;
import dev.dormouse.caution.SourceCautions;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.Run;
import dev.dormouse.model.RunStatus;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.ForecastOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells what history cannot: the cautions that a plan shows to those who approve it. Pure. */
final class PlanCautions {
  private static final int MOST_LINES = 6;

  private PlanCautions() {}

  /**
   * Returns at most {@value #MOST_LINES} lines.
   *
   * @param ignored what the models of the search space ignore
   * @param outcomes what became of earlier hypotheses
   */
  static List<String> of(
      PlanningContext context, IgnoredParameters ignored, List<ForecastOutcome> outcomes) {
    List<Caution> cautions = new ArrayList<>();
    if (context.spec().sources().history()) {
      cautions.addAll(context.coverage().cautions());
      baselineDrift(context).ifPresent(cautions::add);
      notVaried(ignored).ifPresent(cautions::add);
      // Coverage of the search space itself is told above.
      MinedCautions.of(context.spec(), context.insights()).stream()
          .filter(caution -> !caution.kind().equals("coverage"))
          .limit(Math.max(0, MOST_LINES - 1 - cautions.size()))
          .toList()
          .forEach(cautions::add);
    }
    cautions.add(SourceCautions.of(outcomes));
    return cautions.stream().map(Caution::text).toList();
  }

  private static Optional<Caution> notVaried(IgnoredParameters ignored) {
    String models =
        ignored.byVariant().entrySet().stream()
            .map(ofModel -> ofModel.getKey() + ": " + String.join(", ", ofModel.getValue()))
            .collect(Collectors.joining("; "));
    return models.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Caution(
                "ignored",
                "Not varied, because no past run of the model set it, although runs of other models"
                    + " did: "
                    + models
                    + "."));
  }

  /** Compares the first sweep of the study that trained the baseline with the last one. */
  private static Optional<Caution> baselineDrift(PlanningContext context) {
    Map<String, List<Run>> bySweep = new LinkedHashMap<>();
    context.studyRuns().stream()
        .filter(run -> run.status() == RunStatus.OK)
        .filter(run -> run.arm().equals(context.spec().baseline()))
        .filter(run -> run.metrics().containsKey(context.spec().objective().metric()))
        .filter(run -> run.sweep().isPresent() && run.finishedAt().isPresent())
        .sorted(Comparator.comparing(PlanCautions::end).thenComparing(Run::runId))
        .forEach(
            run ->
                bySweep
                    .computeIfAbsent(run.sweep().orElseThrow(), any -> new ArrayList<>())
                    .add(run));
    List<String> sweeps =
        bySweep.keySet().stream().filter(sweep -> bySweep.get(sweep).size() > 1).toList();
    if (sweeps.size() < 2) {
      return Optional.empty();
    }
    String first = sweeps.get(0);
    String last = sweeps.get(sweeps.size() - 1);
    return MeanChange.between(
            values(context, bySweep.get(first)), values(context, bySweep.get(last)))
        .filter(MeanChange::isClear)
        .map(change -> drift(change, first, last));
  }

  private static Caution drift(Estimate change, String first, String last) {
    return new Caution(
        "drift",
        String.format(
            Locale.ROOT,
            "The baseline changed by %+.5f [%+.5f, %+.5f] between %s and %s: compare gains of"
                + " this study within one of them only.",
            change.mean(),
            change.low(),
            change.high(),
            first,
            last));
  }

  private static double[] values(PlanningContext context, List<Run> runs) {
    return runs.stream()
        .mapToDouble(
            run ->
                context
                    .spec()
                    .objective()
                    .gain(run.metrics().get(context.spec().objective().metric()), 0))
        .toArray();
  }

  private static Instant end(Run run) {
    return run.finishedAt().orElseThrow();
  }
}
