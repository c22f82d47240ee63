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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Makes hypotheses of past runs: single changes, other models and whole recipes. */
final class HistoryIdeas {
  private final PlanningContext context;
  private final Arm baseline;
  private final Drafts drafts;
  private final Map<String, Parameter> dimensions;

  HistoryIdeas(PlanningContext context, Drafts drafts) {
    this.context = context;
    this.baseline = context.spec().baseline();
    this.drafts = drafts;
    this.dimensions = context.spec().searchSpace().dimensions();
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

  private Optional<Hypothesis> change(Insight insight) {
    if (insight.effect().isEmpty()
        || insight.parameters().size() != 1
        || !Conditions.allow(insight, baseline)) {
      return Optional.empty();
    }
    Effect effect = insight.effect().get();
    return Optional.ofNullable(dimensions.get(Conditions.parameter(insight.parameters().get(0))))
        .flatMap(parameter -> target(parameter, insight.step(), effect.expected()))
        .flatMap(
            value ->
                drafts.draft(
                    Source.HISTORY,
                    baseline.with(Conditions.parameter(insight.parameters().get(0)), value),
                    insight.statement(),
                    List.of(insight.insightId())));
  }

  /** Returns the value to set; empty if the effect is 0 or does not start from the baseline. */
  private Optional<String> target(Parameter parameter, Step step, double mean) {
    if (mean == 0) {
      return Optional.empty();
    }
    String now = baseline.value(parameter.name()).orElse("");
    if (step instanceof Step.Factor factor) {
      double times = factor.factor().doubleValue();
      return SpaceProjection.multiplied(parameter, now, mean > 0 ? times : 1 / times);
    }
    String better = mean > 0 ? step.to() : step.from();
    String worse = mean > 0 ? step.from() : step.to();
    boolean fromHere =
        now.equals(worse)
            || (!now.isEmpty()
                && SpaceProjection.sameName(now, worse)
                && ParamValue.number(now).isEmpty());
    if (fromHere) {
      return SpaceProjection.exact(parameter, better);
    }
    return towards(parameter, now, worse, better);
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

  private Stream<Hypothesis> models(Insight insight) {
    return Optional.ofNullable(dimensions.get(Arm.MODEL)).stream()
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
                        List.of(insight.insightId()))
                    .stream());
  }

  /** Returns the best arm of a past study, limited to parameters of the search space. */
  private Optional<Hypothesis> recipe(Run run) {
    Arm arm = baseline;
    for (Parameter parameter : dimensions.values()) {
      Optional<String> value =
          run.arm().value(parameter.name()).flatMap(seen -> mapped(parameter, seen));
      arm = value.isPresent() ? arm.with(parameter.name(), value.get()) : arm;
    }
    return drafts.draft(
        Source.HISTORY,
        arm,
        "The best arm of study " + run.study().id() + ", as far as this search space has it",
        List.of(run.runId()));
  }

  private static Optional<String> mapped(Parameter parameter, String seen) {
    OptionalDouble number = ParamValue.number(seen);
    return number.isPresent() && parameter.type() != Parameter.Type.CATEGORICAL
        ? SpaceProjection.nearest(parameter, number.getAsDouble())
        : SpaceProjection.exact(parameter, seen);
  }
}
