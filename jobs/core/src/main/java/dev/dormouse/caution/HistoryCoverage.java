package dev.dormouse.caution;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How far past runs cover a search space, and what most of them have in common. */
public final class HistoryCoverage {
  /** A study or model with a larger share of all runs is named. */
  private static final double DOMINANT = 0.4;

  /** Parts of a range on its scale; an end that no run reached by more than one part is named. */
  private static final double PARTS = 6;

  private static final int MOST_NAMES = 6;

  private final CampaignSpec spec;
  private final List<PastArm> runs;

  private HistoryCoverage(CampaignSpec spec, List<PastArm> runs) {
    this.spec = spec;
    this.runs = List.copyOf(runs);
  }

  /** The arm of a past run with the campaign's metric, and its study. */
  public record PastArm(String study, Arm arm) {}

  /** Returns what the past runs with the campaign's metric leave open. */
  public static List<Caution> of(CampaignSpec spec, List<PastArm> runs) {
    HistoryCoverage coverage = new HistoryCoverage(spec, runs);
    if (runs.isEmpty()) {
      return List.of(
          Caution.of(
              "coverage",
              "No past run has metric "
                  + spec.objective().metric()
                  + ": nothing but research and this campaign's own results guides it"));
    }
    List<Caution> cautions = new ArrayList<>();
    coverage.untried().ifPresent(cautions::add);
    coverage.gaps().ifPresent(cautions::add);
    coverage.bias().ifPresent(cautions::add);
    return cautions;
  }

  /** Names the parameters of the search space that no run sets, or all runs set alike. */
  private Optional<Caution> untried() {
    List<String> never = new ArrayList<>();
    List<String> alike = new ArrayList<>();
    for (String parameter : spec.searchSpace().parameters().keySet()) {
      Set<String> values = values(parameter);
      if (values.isEmpty()) {
        never.add(parameter);
      } else if (values.size() == 1) {
        alike.add(parameter + " (always " + values.iterator().next() + ")");
      }
    }
    if (never.isEmpty() && alike.isEmpty()) {
      return Optional.empty();
    }
    String text =
        never.isEmpty()
            ? "No past run varies " + names(alike)
            : "No past run sets "
                + names(never)
                + (alike.isEmpty() ? "" : ", and none varies " + names(alike));
    return Optional.of(Caution.of("coverage", text + ": what these do is unknown"));
  }

  /** Names the allowed values and the ends of ranges that no run has tried. */
  private Optional<Caution> gaps() {
    List<String> gaps = new ArrayList<>();
    spec.searchSpace()
        .parameters()
        .forEach(
            (name, parameter) -> {
              Set<String> values = values(name);
              if (values.size() > 1) {
                gap(parameter, values).ifPresent(gap -> gaps.add(name + " " + gap));
              }
            });
    return gaps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Caution.of("coverage", "Allowed, but not tried in any past run: " + names(gaps)));
  }

  private static Optional<String> gap(Parameter parameter, Set<String> tried) {
    if (!parameter.choices().isEmpty()) {
      List<String> missing =
          parameter.choices().stream().filter(choice -> !tried.contains(choice)).toList();
      return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(" or ", missing));
    }
    DoubleSummaryStatistics inside =
        tried.stream()
            .flatMapToDouble(value -> ParamValue.number(value).stream())
            .filter(number -> number >= parameter.low() && number <= parameter.high())
            .summaryStatistics();
    if (inside.getCount() == 0) {
      return Optional.of("anywhere in its range");
    }
    double part = 1 / PARTS;
    List<String> ends = new ArrayList<>();
    if (share(parameter, inside.getMin()) > part) {
      ends.add("below " + ParamValue.canonical(inside.getMin()));
    }
    if (share(parameter, inside.getMax()) < 1 - part) {
      ends.add("above " + ParamValue.canonical(inside.getMax()));
    }
    return ends.isEmpty() ? Optional.empty() : Optional.of(String.join(" or ", ends));
  }

  /** Returns how far a number lies from the lower end of a range, as a share of it. */
  private static double share(Parameter parameter, double number) {
    return parameter.log()
        ? Math.log(number / parameter.low()) / Math.log(parameter.high() / parameter.low())
        : (number - parameter.low()) / (parameter.high() - parameter.low());
  }

  /** Names the study and the model that most runs have. */
  private Optional<Caution> bias() {
    List<String> parts = new ArrayList<>();
    dominant("study", PastArm::study).ifPresent(parts::add);
    dominant("model", run -> run.arm().modelVariant()).ifPresent(parts::add);
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Caution.of(
                "bias",
                String.format(
                    Locale.ROOT,
                    "Of %,d past runs with this metric %s: forecasts follow these most",
                    runs.size(),
                    String.join(" and ", parts))));
  }

  private Optional<String> dominant(String kind, Function<PastArm, String> name) {
    Map<String, Long> counts =
        runs.stream().collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .filter(entry -> !entry.getKey().isEmpty())
        .max(Map.Entry.comparingByValue())
        .filter(entry -> entry.getValue() > DOMINANT * runs.size())
        .map(
            entry ->
                String.format(
                    Locale.ROOT,
                    "%.0f%% are of %s %s",
                    100.0 * entry.getValue() / runs.size(),
                    kind,
                    entry.getKey()));
  }

  private Set<String> values(String parameter) {
    return runs.stream()
        .flatMap(run -> run.arm().value(parameter).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String names(List<String> names) {
    return names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
  }
}
