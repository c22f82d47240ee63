package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Effect;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Run;
import dev.dormouse.model.Source;
import dev.dormouse.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Makes hypotheses of past runs: single changes, other models and whole recipes. */
final class HistoryIdeas {
  /** Share of an effect to expect if it was measured between other values than the baseline's. */
  private static final double ONLY_DIRECTION = 0.5;

  /** In noise sds: expected gain of a recipe. */
  private static final double RECIPE_GAIN = 1;

  private static final double MEDIAN_RANK = 0.5;

  private final PlanningContext context;
  private final Arm baseline;
  private final Drafts drafts;

  HistoryIdeas(PlanningContext context) {
    this.context = context;
    this.baseline = context.spec().baseline();
    this.drafts = new Drafts(context);
  }

  List<Hypothesis> all() {
    List<Hypothesis> ideas = new ArrayList<>();
    for (Insight insight : context.insights()) {
      if (insight.kind() == Insight.Kind.EFFECT) {
        change(insight).ifPresent(ideas::add);
      } else if (insight.kind() == Insight.Kind.MODEL_RANK) {
        models(insight).forEach(ideas::add);
      }
    }
    context.recipes().forEach(run -> recipe(run).ifPresent(ideas::add));
    return ideas;
  }

  /** A value to set, with the share of the measured gain to expect of it. */
  private record Target(String value, double gain) {}

  private Optional<Hypothesis> change(Insight insight) {
    if (insight.effect().isEmpty()
        || insight.parameters().size() != 1
        || !Conditions.allow(insight, baseline)) {
      return Optional.empty();
    }
    Effect effect = insight.effect().get();
    return context
        .spec()
        .searchSpace()
        .parameter(Conditions.parameter(insight.parameters().get(0)))
        .flatMap(parameter -> target(parameter, insight.step(), effect.expected()))
        .filter(target -> target.gain() > 0)
        .flatMap(
            target ->
                drafts.draft(
                    Source.HISTORY,
                    baseline.with(
                        Conditions.parameter(insight.parameters().get(0)), target.value()),
                    insight.statement(),
                    List.of(insight.insightId()),
                    target.gain(),
                    MinedEffects.sd(effect, context.noiseSd())));
  }

  private Optional<Target> target(Parameter parameter, Step step, double mean) {
    String now = baseline.value(parameter.name()).orElse("");
    if (step instanceof Step.Factor factor) {
      double times = factor.factor().doubleValue();
      return SpaceProjection.multiplied(parameter, now, mean > 0 ? times : 1 / times)
          .map(to -> new Target(to, Math.abs(mean)));
    }
    String better = mean > 0 ? step.to() : step.from();
    String worse = mean > 0 ? step.from() : step.to();
    boolean fromHere =
        now.equals(worse)
            || (!now.isEmpty()
                && SpaceProjection.sameName(now, worse)
                && ParamValue.number(now).isEmpty());
    if (fromHere) {
      return SpaceProjection.exact(parameter, better).map(to -> new Target(to, Math.abs(mean)));
    }
    return towards(parameter, now, worse, better)
        .map(to -> new Target(to, Math.abs(mean) * ONLY_DIRECTION));
  }

  private static Optional<String> towards(
      Parameter parameter, String now, String worse, String better) {
    OptionalDouble here = ParamValue.number(now);
    OptionalDouble low = ParamValue.number(worse);
    OptionalDouble high = ParamValue.number(better);
    if (here.isEmpty() || low.isEmpty() || high.isEmpty()) {
      return Optional.empty();
    }
    boolean up = high.getAsDouble() > low.getAsDouble();
    boolean beyond =
        up ? here.getAsDouble() >= high.getAsDouble() : here.getAsDouble() <= high.getAsDouble();
    return beyond ? Optional.empty() : SpaceProjection.step(parameter, now, up);
  }

  /** Returns other models; their expected gain grows with their rank above the baseline's. */
  private Stream<Hypothesis> models(Insight insight) {
    double rankLead = rank(insight) - baselineRank();
    return context.spec().searchSpace().parameter(Arm.MODEL).stream()
        .flatMap(
            parameter ->
                insight.modelVariants().stream()
                    .flatMap(variant -> SpaceProjection.exact(parameter, variant).stream()))
        .flatMap(
            model ->
                drafts
                    .draft(
                        Source.HISTORY,
                        baseline.with(Arm.MODEL, model),
                        insight.statement(),
                        List.of(insight.insightId()),
                        rankLead * MinedEffects.UNKNOWN_SD * context.noiseSd(),
                        MinedEffects.UNKNOWN_SD * context.noiseSd())
                    .stream());
  }

  private double baselineRank() {
    return context.insights().stream()
        .filter(insight -> insight.kind() == Insight.Kind.MODEL_RANK)
        .filter(
            insight ->
                insight.modelVariants().stream()
                    .anyMatch(
                        variant -> SpaceProjection.sameName(variant, baseline.modelVariant())))
        .mapToDouble(HistoryIdeas::rank)
        .findFirst()
        .orElse(MEDIAN_RANK);
  }

  /** Returns the mean rank among the models of a study, from 0 (last) to 1 (first). */
  private static double rank(Insight insight) {
    return insight.effect().map(Effect::mean).orElse(MEDIAN_RANK);
  }

  /** Returns the best arm of a past study, limited to parameters of the search space. */
  private Optional<Hypothesis> recipe(Run run) {
    Arm arm = baseline;
    for (Parameter parameter : context.spec().searchSpace().parameters().values()) {
      Optional<String> value =
          run.arm().value(parameter.name()).flatMap(seen -> mapped(parameter, seen));
      arm = value.isPresent() ? arm.with(parameter.name(), value.get()) : arm;
    }
    return drafts.draft(
        Source.HISTORY,
        arm,
        "The best arm of study " + run.study().id() + ", as far as this search space has it",
        List.of(run.runId()),
        RECIPE_GAIN * context.noiseSd(),
        MinedEffects.UNKNOWN_SD * context.noiseSd());
  }

  private static Optional<String> mapped(Parameter parameter, String seen) {
    OptionalDouble number = ParamValue.number(seen);
    return number.isPresent() && parameter.type() != Parameter.Type.CATEGORICAL
        ? SpaceProjection.nearest(parameter, number.getAsDouble())
        : SpaceProjection.exact(parameter, seen);
  }
}
