package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Source;
import dev.dormouse.model.Technique;
import dev.dormouse.model.Technique.Move;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes hypotheses of technique cards all of whose moves fit the search space. */
final class ResearchIdeas {
  private final PlanningContext context;
  private final Drafts drafts;
  private final Map<String, Parameter> dimensions;

  ResearchIdeas(PlanningContext context, Drafts drafts) {
    this.context = context;
    this.drafts = drafts;
    this.dimensions = context.spec().searchSpace().dimensions();
  }

  List<Hypothesis> all() {
    return context.techniques().stream()
        .filter(this::applies)
        .flatMap(card -> draft(card).stream())
        .toList();
  }

  private boolean applies(Technique card) {
    String model = context.spec().baseline().modelVariant();
    return card.appliesTo().isEmpty()
        || card.appliesTo().stream().anyMatch(name -> SpaceProjection.sameName(name, model));
  }

  private Optional<Hypothesis> draft(Technique card) {
    Arm arm = context.spec().baseline();
    for (Move move : card.moves()) {
      Optional<String> to =
          Optional.ofNullable(dimensions.get(move.parameter())).flatMap(p -> target(p, move));
      if (to.isEmpty()) {
        return Optional.empty();
      }
      arm = arm.with(move.parameter(), to.get());
    }
    return drafts.draft(
        Source.RESEARCH,
        arm,
        card.claim() + " (" + card.reference() + ")",
        List.of(card.techniqueId()));
  }

  private Optional<String> target(Parameter parameter, Move move) {
    String now = context.spec().baseline().value(parameter.name()).orElse("");
    return switch (move.kind()) {
      case SET ->
          move.values().stream()
              .flatMap(v -> SpaceProjection.exact(parameter, v).stream())
              .findFirst();
      case MULTIPLY ->
          move.values().stream()
              .flatMap(
                  f -> SpaceProjection.multiplied(parameter, now, Double.parseDouble(f)).stream())
              .findFirst();
      case RAISE -> SpaceProjection.step(parameter, now, true);
      case LOWER -> SpaceProjection.step(parameter, now, false);
    };
  }
}
