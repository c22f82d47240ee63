package dev.dormouse.mine;

import dev.dormouse.mine.Fact.Kind;
import dev.dormouse.model.Insight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How much results differ over seeds, study by study. Pure. */
final class NoiseInsights {
  private NoiseInsights() {}

  static List<Finding> of(List<Fact> facts, Collection<Study> studies, Noise noise) {
    List<Finding> findings = new ArrayList<>();
    facts.stream()
        .filter(fact -> fact.kind() == Kind.NOISE)
        .forEach(fact -> findings.add(measured(fact, noise)));
    Map<String, List<Fact>> unmeasured = new TreeMap<>();
    studies.stream()
        .filter(study -> !noise.isMeasured(study.metric()) && study.fact().number("n_values") > 0)
        .forEach(
            study ->
                unmeasured
                    .computeIfAbsent(study.metric(), any -> new ArrayList<>())
                    .add(study.fact()));
    unmeasured.forEach((metric, facts2) -> findings.add(stated(metric, facts2)));
    return findings;
  }

  private static Finding measured(Fact fact, Noise noise) {
    double sd = noise.seedSd(fact.study(), fact.metric());
    long degrees = fact.count("degrees");
    return Finding.of(
            Insight.Kind.NOISE,
            fact.study(),
            String.format(
                Locale.ROOT,
                "seed noise of %s: sd %.5f %s (%.5f by its own %d degrees of freedom, moderated by other studies)",
                fact.study(),
                sd,
                fact.metric(),
                Math.sqrt(fact.number("variance")),
                degrees))
        .where(Map.of("study", fact.study()))
        .measured(fact.metric(), TrapInsights.number(sd, degrees, 1))
        .seenIn(List.of(fact));
  }

  private static Finding stated(String metric, List<Fact> studies) {
    return Finding.of(
            Insight.Kind.NOISE,
            "stated " + metric,
            String.format(
                Locale.ROOT,
                "no study repeats a configuration with another seed: seed noise of %s is taken to be %.4f, which nothing here confirms",
                metric,
                Noise.STATED_SD))
        .measured(metric, TrapInsights.number(Noise.STATED_SD, 0, studies.size()))
        .seenIn(studies);
  }
}
