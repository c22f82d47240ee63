package dev.dormouse.mlflow;

import dev.dormouse.model.Digests;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tags of the experiment that holds a campaign's runs.
 *
 * @param key identity of this version
 * @param tags replace earlier ones; {@value #EXPERIMENT} in them is replaced by the experiment's id
 */
record ExperimentItem(String key, SortedMap<String, String> tags) implements OutboxItem {
  /** Placeholder of the experiment's id. */
  static final String EXPERIMENT = "{experiment}";

  ExperimentItem {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** Returns the tags with a key that has the digest of their content. */
  static ExperimentItem of(String name, SortedMap<String, String> tags) {
    return new ExperimentItem(
        name + "@" + Digests.sha256(ItemText.of(tags)).substring(0, 12), tags);
  }
}
