package dev.dormouse.hypothesize;

import dev.dormouse.model.Arm;
import dev.dormouse.model.Change;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.search.Outlook;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes a hypothesis of an arm, if the arm may be tried. Its forecast is the outlook's. */
final class Drafts {
  private final PlanningContext context;
  private final Outlook outlook;
  private final Map<Arm, String> tried;

  Drafts(PlanningContext context, Outlook outlook) {
    this.context = context;
    this.outlook = outlook;
    this.tried = context.tried();
  }

  /**
   * Returns the hypothesis that an arm gains; empty if it is the baseline, but for what its model
   * ignores, or outside the space. If the space is a list without the arm, the most similar arm of
   * the list takes its place.
   */
  Optional<Hypothesis> draft(Source source, Arm wished, String rationale, List<String> evidence) {
    Arm baseline = context.spec().baseline();
    SearchSpace space = context.spec().searchSpace();
    Optional<Arm> admitted =
        space.admits(wished, baseline)
            ? Optional.of(wished)
            : ListedArms.mostSimilar(space.arms(), wished, baseline);
    return admitted
        .map(arm -> tried.containsKey(arm) ? arm : outlook.effective(arm))
        .filter(arm -> !arm.equals(baseline))
        .map(arm -> hypothesis(source, arm, rationale, evidence));
  }

  private Hypothesis hypothesis(Source source, Arm arm, String rationale, List<String> evidence) {
    Arm baseline = context.spec().baseline();
    List<Change> changes = arm.changesFrom(baseline);
    return new Hypothesis(
        "h-" + arm.configId(),
        source,
        "Gains over the baseline: "
            + String.join(", ", changes.stream().map(Object::toString).toList()),
        rationale,
        arm,
        changes,
        evidence,
        outlook.of(arm),
        0,
        new TreeMap<>(),
        Optional.ofNullable(tried.get(arm)));
  }
}
