package dev.dormouse.caution;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The mined cautions about a campaign. */
public final class MinedCautions {
  private MinedCautions() {}

  /**
   * Returns what was mined about coverage and drift of parameters that the campaign may change, and
   * about traps in its data set, in the order of the insights.
   */
  public static List<Caution> of(CampaignSpec spec, List<Insight> insights) {
    Set<String> parameters = new HashSet<>(spec.searchSpace().dimensions().keySet());
    parameters.add(Arm.MODEL);
    return insights.stream()
        .filter(insight -> isAbout(insight, parameters, spec))
        .map(insight -> Caution.of(insight.kind().id(), insight.statement()))
        .toList();
  }

  private static boolean isAbout(Insight insight, Set<String> parameters, CampaignSpec spec) {
    return switch (insight.kind()) {
      case COVERAGE, DRIFT ->
          !insight.parameters().isEmpty() && parameters.containsAll(insight.parameters());
      case TRAP ->
          insight.studies().stream()
              .anyMatch(study -> study.startsWith(spec.study().dataset() + "/"));
      default -> false;
    };
  }
}
