package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import dev.dormouse.model.ParamValue;
import dev.dormouse.model.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds what the history is biased towards and what it hardly tried. Pure. */
final class CoverageInsights {
  /** A value is reported if at least this share of the runs has it. */
  private static final double DOMINANT = 0.7;

  /** Parameters that a smaller share of the runs sets are not reported. */
  private static final double SET_BY = 0.1;

  private static final long FEWEST_STUDIES = 3;

  private CoverageInsights() {}

  static List<Finding> of(List<Fact> facts, Collection<Study> studies) {
    long runs = studies.stream().mapToLong(study -> study.fact().count("n")).sum();
    Map<String, List<Fact>> byParameter = new TreeMap<>();
    facts.stream()
        .filter(fact -> fact.kind() == Kind.SETTING)
        .forEach(
            fact ->
                byParameter
                    .computeIfAbsent(fact.parameters().get(0), any -> new ArrayList<>())
                    .add(fact));
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<String, List<Fact>> parameter : byParameter.entrySet()) {
      dominantValue(parameter.getKey(), parameter.getValue(), runs, findings);
      rarelyVaried(parameter.getKey(), parameter.getValue(), runs, findings);
    }
    if (studies.size() >= FEWEST_STUDIES) {
      dominantStudies(studies, runs, findings);
      withoutSeeds(facts, studies, findings);
    }
    return findings;
  }

  private static void dominantValue(
      String name, List<Fact> facts, long runs, List<Finding> findings) {
    double n = facts.stream().mapToDouble(fact -> fact.number("n")).sum();
    // Facts know only the most frequent value of each study: the sums are lower bounds.
    Map<String, Double> commonest = new HashMap<>();
    facts.forEach(
        fact -> commonest.merge(fact.to().get(0), fact.number("n_commonest"), Double::sum));
    Map.Entry<String, Double> most =
        commonest.entrySet().stream()
            .max(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry::getKey))
            .orElseThrow();
    double share = most.getValue() / n;
    boolean oneValue =
        commonest.size() == 1 && facts.stream().allMatch(fact -> fact.number("settings") == 1);
    if (n < runs * SET_BY || share < DOMINANT || oneValue) {
      return;
    }
    OptionalDouble lowest =
        facts.stream()
            .filter(fact -> fact.has("lowest"))
            .mapToDouble(fact -> fact.number("lowest"))
            .min();
    OptionalDouble highest =
        facts.stream()
            .filter(fact -> fact.has("highest"))
            .mapToDouble(fact -> fact.number("highest"))
            .max();
    String range =
        lowest.isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                "; nothing below %s or above %s was ever tried",
                ParamValue.canonical(lowest.getAsDouble()),
                ParamValue.canonical(highest.orElseThrow()));
    findings.add(
        Finding.of(
                Insight.Kind.COVERAGE,
                name,
                String.format(
                    Locale.ROOT,
                    "%s is %s in %.0f%% of the %.0f runs that set it%s",
                    name,
                    most.getKey(),
                    100 * share,
                    n,
                    range))
            .about(List.of(name), new Step.Value(most.getKey()))
            .measured("share_of_runs", share, Math.round(n), facts.size())
            .seenIn(facts));
  }

  private static void rarelyVaried(
      String name, List<Fact> facts, long runs, List<Finding> findings) {
    double n = facts.stream().mapToDouble(fact -> fact.number("n")).sum();
    long varied = facts.stream().filter(fact -> fact.number("settings") > 1).count();
    if (n < runs * SET_BY || facts.size() < FEWEST_STUDIES || varied > facts.size() / 4) {
      return;
    }
    findings.add(
        Finding.of(
                Insight.Kind.COVERAGE,
                name + " varied",
                String.format(
                    Locale.ROOT,
                    "%s was varied in %d of the %d studies that set it: %s",
                    name,
                    varied,
                    facts.size(),
                    varied == 0 ? "its effect is unknown" : "its effect is hardly known"))
            .about(List.of(name), new Step.None())
            .measured(
                "share_of_studies", (double) varied / facts.size(), Math.round(n), facts.size())
            .seenIn(facts));
  }

  private static void dominantStudies(
      Collection<Study> studies, long runs, List<Finding> findings) {
    List<Study> largest =
        studies.stream()
            .sorted(
                Comparator.comparingDouble((Study study) -> -study.fact().number("n"))
                    .thenComparing(Study::name))
            .limit(Math.max(1, studies.size() / 5))
            .toList();
    double share = largest.stream().mapToDouble(study -> study.fact().number("n")).sum() / runs;
    if (share < 0.5) {
      return;
    }
    findings.add(
        Finding.of(
                Insight.Kind.COVERAGE,
                "studies",
                String.format(
                    Locale.ROOT,
                    "%.0f%% of all %d runs are in %d of %d studies (%s): what holds elsewhere is"
                        + " known less well",
                    100 * share,
                    runs,
                    largest.size(),
                    studies.size(),
                    largest.stream()
                        .map(Study::dataset)
                        .distinct()
                        .collect(Collectors.joining(", "))))
            .measured("share_of_runs", share, runs, studies.size())
            .seenIn(largest.stream().map(Study::fact).toList()));
  }

  private static void withoutSeeds(
      List<Fact> facts, Collection<Study> studies, List<Finding> findings) {
    Set<String> measured =
        facts.stream()
            .filter(fact -> fact.kind() == Kind.NOISE)
            .map(Fact::study)
            .collect(Collectors.toSet());
    List<Fact> without =
        studies.stream()
            .filter(study -> !measured.contains(study.name()))
            .map(Study::fact)
            .toList();
    if (without.isEmpty()) {
      return;
    }
    findings.add(
        Finding.of(
                Insight.Kind.COVERAGE,
                "seeds",
                String.format(
                    Locale.ROOT,
                    "%d of %d studies never repeat a configuration with another seed: their noise"
                        + " is taken from other studies",
                    without.size(),
                    studies.size()))
            .measured(
                "share_of_studies",
                (double) without.size() / studies.size(),
                without.size(),
                studies.size())
            .seenIn(without));
  }
}
