package dev.dormouse.caution;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** How far past runs cover a search space, and what most of them have in common. */
public final class HistoryCoverage {
  /** A study or model with a larger share of all runs is named. */
  private static final double DOMINANT = 0.4;

  /** Parts of a range on its scale; an end that no run reached by more than one part is named. */
  private static final double PARTS = 6;

  /** Share of a range that is a step. */
  private static final double STEP = 0.25;

  private static final int MOST_NAMES = 6;

  private final CampaignSpec spec;
  private final List<PastArm> runs;

  private final Map<String, Set<String>> values = new TreeMap<>();

  /** The tried numbers inside of ranges. */
  private final Map<String, DoubleSummaryStatistics> numbers = new TreeMap<>();

  /**
   * Looks at the past runs of a campaign.
   *
   * @param runs those with the campaign's metric
   */
  public HistoryCoverage(CampaignSpec spec, List<PastArm> runs) {
    this.spec = spec;
    this.runs = List.copyOf(runs);
    spec.searchSpace()
        .parameters()
        .forEach(
            (name, parameter) -> {
              values.put(name, valuesOf(name));
              numbers.put(name, inside(parameter, values.get(name)));
            });
  }

  /** The arm of a past run with the campaign's metric, and its study. */
  public record PastArm(String study, Arm arm) {}

  /** Returns the changes of an arm from the baseline to values that no past run has tried. */
  public List<Change> untried(Arm arm) {
    return arm.changesFrom(spec.baseline()).stream()
        .filter(change -> values.containsKey(change.parameter()))
        .filter(
            change -> isGap(spec.searchSpace().parameters().get(change.parameter()), change.to()))
        .toList();
  }

  /**
   * Returns whether the untried values of an arm that have an order lie one step beyond tried ones
   * or the baseline's: what lies further away is a leap, not a next step.
   */
  public boolean isNextToTried(Arm arm) {
    return untried(arm).stream().allMatch(this::isNextToTried);
  }

  private boolean isNextToTried(Change change) {
    Parameter parameter = spec.searchSpace().parameters().get(change.parameter());
    OptionalDouble to = ParamValue.number(change.to());
    double[] known = knownNumbers(parameter, change.from());
    if (to.isEmpty() || known.length == 0) {
      return true;
    }
    if (parameter.choices().isEmpty()) {
      return Arrays.stream(known)
          .anyMatch(at -> Math.abs(parameter.share(at) - parameter.share(to.getAsDouble())) < STEP);
    }
    // No other choice lies between it and a known value.
    return Arrays.stream(known)
        .anyMatch(
            at ->
                parameter.choices().stream()
                    .flatMapToDouble(choice -> ParamValue.number(choice).stream())
                    .noneMatch(
                        between ->
                            between > Math.min(at, to.getAsDouble())
                                && between < Math.max(at, to.getAsDouble())));
  }

  /** Returns the tried numbers, of a range only the ends, and the baseline's number. */
  private double[] knownNumbers(Parameter parameter, String ofBaseline) {
    DoubleSummaryStatistics inside = numbers.get(parameter.name());
    DoubleStream tried =
        !parameter.choices().isEmpty()
            ? values.get(parameter.name()).stream()
                .flatMapToDouble(value -> ParamValue.number(value).stream())
            : inside.getCount() == 0
                ? DoubleStream.empty()
                : DoubleStream.of(inside.getMin(), inside.getMax());
    return DoubleStream.concat(tried, ParamValue.number(ofBaseline).stream()).toArray();
  }

  private boolean isGap(Parameter parameter, String value) {
    if (!parameter.choices().isEmpty()) {
      return !values.get(parameter.name()).contains(value);
    }
    DoubleSummaryStatistics inside = numbers.get(parameter.name());
    OptionalDouble at = ParamValue.number(value);
    return inside.getCount() == 0
        || at.isEmpty()
        || (at.getAsDouble() < inside.getMin() && isGapBelow(parameter, inside))
        || (at.getAsDouble() > inside.getMax() && isGapAbove(parameter, inside));
  }

  /** Returns what the past runs leave open. */
  public List<Caution> cautions() {
    if (runs.isEmpty()) {
      return List.of(
          Caution.of(
              "coverage",
              "No past run has metric "
                  + spec.objective().metric()
                  + ": nothing but research and this campaign's own results guides it"));
    }
    List<Caution> cautions = new ArrayList<>();
    untried().ifPresent(cautions::add);
    gaps().ifPresent(cautions::add);
    bias().ifPresent(cautions::add);
    return cautions;
  }

  /** Names the parameters of the search space that no run sets, or all runs set alike. */
  private Optional<Caution> untried() {
    List<String> never = new ArrayList<>();
    List<String> alike = new ArrayList<>();
    for (String parameter : spec.searchSpace().parameters().keySet()) {
      Set<String> tried = values.get(parameter);
      if (tried.isEmpty()) {
        never.add(parameter);
      } else if (tried.size() == 1) {
        alike.add(parameter + " (always " + tried.iterator().next() + ")");
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
              Set<String> tried = values.get(name);
              if (tried.size() > 1) {
                gap(parameter, tried).ifPresent(gap -> gaps.add(name + " " + gap));
              }
            });
    return gaps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Caution.of("coverage", "Allowed, but not tried in any past run: " + names(gaps)));
  }

  private Optional<String> gap(Parameter parameter, Set<String> tried) {
    if (!parameter.choices().isEmpty()) {
      List<String> missing =
          parameter.choices().stream().filter(choice -> !tried.contains(choice)).toList();
      return missing.isEmpty() ? Optional.empty() : Optional.of(String.join(" or ", missing));
    }
    DoubleSummaryStatistics inside = numbers.get(parameter.name());
    if (inside.getCount() == 0) {
      return Optional.of("anywhere in its range");
    }
    List<String> ends = new ArrayList<>();
    if (isGapBelow(parameter, inside)) {
      ends.add("below " + ParamValue.canonical(inside.getMin()));
    }
    if (isGapAbove(parameter, inside)) {
      ends.add("above " + ParamValue.canonical(inside.getMax()));
    }
    return ends.isEmpty() ? Optional.empty() : Optional.of(String.join(" or ", ends));
  }

  private static DoubleSummaryStatistics inside(Parameter parameter, Set<String> tried) {
    return tried.stream()
        .flatMapToDouble(value -> ParamValue.number(value).stream())
        .filter(number -> number >= parameter.low() && number <= parameter.high())
        .summaryStatistics();
  }

  private static boolean isGapBelow(Parameter parameter, DoubleSummaryStatistics inside) {
    return parameter.share(inside.getMin()) > 1 / PARTS;
  }

  private static boolean isGapAbove(Parameter parameter, DoubleSummaryStatistics inside) {
    return parameter.share(inside.getMax()) < 1 - 1 / PARTS;
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

  private Set<String> valuesOf(String parameter) {
    Set<String> distinct =
        runs.stream()
            .flatMap(run -> run.arm().value(parameter).stream())
            .collect(Collectors.toSet());
    return new TreeSet<>(distinct);
  }

  private static String names(List<String> names) {
    return names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
  }
}
