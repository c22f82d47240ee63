package dev.dormouse.research;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A search for research that may help a campaign.
 *
 * @param model the baseline's model variant; may be empty
 * @param choices parameter of the search space to its listed values; empty for a range
 * @param questions origin (e.g. {@code the baseline}) to the sentence to search by
 */
public record ResearchQuery(
    String model, Map<String, List<String>> choices, Map<String, String> questions) {
  private static final int MOST_INSIGHTS = 8;

  public ResearchQuery {
    choices = Map.copyOf(choices);
    questions = new LinkedHashMap<>(questions);
  }

  /** Returns the parameters of the search space. */
  Set<String> parameters() {
    return new TreeSet<>(choices.keySet());
  }

  /** Builds the query of a campaign from its baseline, its search space and mined insights. */
  public static ResearchQuery of(CampaignSpec spec, List<Insight> insights) {
    Map<String, List<String>> choices = new LinkedHashMap<>();
    for (Parameter parameter : spec.searchSpace().dimensions().values()) {
      choices.put(parameter.name(), parameter.choices());
    }
    Map<String, String> questions = new LinkedHashMap<>();
    questions.put(
        "the baseline",
        "Better "
            + spec.objective().metric()
            + " of "
            + spec.baseline().modelVariant()
            + " models for click-through rate prediction");
    questions.put(
        "the search space",
        "The effect of "
            + spec.searchSpace().dimensions().keySet().stream()
                .map(name -> name.replace('_', ' '))
                .collect(Collectors.joining(", "))
            + " on ranking models");
    for (Insight insight : relevant(spec, insights)) {
      questions.put("insight " + insight.insightId(), insight.statement());
    }
    return new ResearchQuery(spec.baseline().modelVariant(), choices, questions);
  }

  private static List<Insight> relevant(CampaignSpec spec, List<Insight> insights) {
    Set<String> parameters = new TreeSet<>(spec.searchSpace().dimensions().keySet());
    List<Insight> relevant = new ArrayList<>();
    for (Insight insight : insights) {
      boolean touches = insight.parameters().stream().anyMatch(parameters::contains);
      if (touches && insight.kind() != Insight.Kind.NOISE && relevant.size() < MOST_INSIGHTS) {
        relevant.add(insight);
      }
    }
    return relevant;
  }
}
