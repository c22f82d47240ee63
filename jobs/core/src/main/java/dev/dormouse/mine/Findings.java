package dev.dormouse.mine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Turns the facts of all studies into findings. Pure. */
final class Findings {
  private Findings() {}

  /** Returns all findings; the order of the facts does not matter. */
  static List<Finding> of(List<Fact> unordered) {
    // The order of facts decides how sums are rounded: mining again must give the same digits.
    List<Fact> facts =
        unordered.stream()
            .sorted(
                Comparator.comparing(Fact::study)
                    .thenComparing(Fact::kind)
                    .thenComparing(Fact::metric)
                    .thenComparing(Fact::modelVariant)
                    .thenComparing(fact -> fact.parameters().toString())
                    .thenComparing(fact -> fact.from().toString())
                    .thenComparing(fact -> fact.to().toString()))
            .toList();
    Map<String, Study> studies = Study.of(facts);
    Noise noise = Noise.of(facts);
    EffectInsights effects = EffectInsights.of(facts, noise);
    List<Finding> findings = new ArrayList<>(effects.findings());
    findings.addAll(CostInsights.of(effects.results()));
    findings.addAll(ConditionInsights.of(effects, studies));
    findings.addAll(SaturationInsights.of(effects.results()));
    findings.addAll(InteractionInsights.of(facts, noise));
    findings.addAll(FailureInsights.of(facts));
    findings.addAll(ModelInsights.of(facts));
    findings.addAll(ScalingInsights.of(facts, studies));
    findings.addAll(EarlySignalInsights.of(facts));
    findings.addAll(TrapInsights.of(facts, studies, noise));
    findings.addAll(CoverageInsights.of(facts, studies.values()));
    findings.addAll(NoiseInsights.of(facts, studies.values(), noise));
    return findings;
  }
}
