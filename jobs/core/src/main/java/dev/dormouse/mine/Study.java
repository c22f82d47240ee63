package dev.dormouse.mine;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A study.
 *
 * @param name its name
 * @param dataset its data set
 * @param features its feature set
 * @param metric its metric
 * @param fact its fact of kind study, with all numbers
 * @param trainSamples number of training examples of its data set, if any study of it reports one
 */
record Study(
    String name,
    String dataset,
    String features,
    String metric,
    Fact fact,
    OptionalLong trainSamples) {

  /** Returns the studies by name. */
  static Map<String, Study> of(List<Fact> facts) {
    Map<String, Long> samples = new TreeMap<>();
    facts.stream()
        .filter(fact -> fact.kind() == Fact.Kind.STUDY && fact.has("train_samples"))
        .forEach(fact -> samples.merge(fact.to().get(0), fact.count("train_samples"), Math::max));
    Map<String, Study> studies = new TreeMap<>();
    facts.stream()
        .filter(fact -> fact.kind() == Fact.Kind.STUDY)
        .forEach(
            fact -> {
              Long known = samples.get(fact.to().get(0));
              studies.put(
                  fact.study(),
                  new Study(
                      fact.study(),
                      fact.to().get(0),
                      fact.to().get(1),
                      fact.metric(),
                      fact,
                      known == null ? OptionalLong.empty() : OptionalLong.of(known)));
            });
    return studies;
  }
}
