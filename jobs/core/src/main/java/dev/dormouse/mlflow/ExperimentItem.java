package dev.dormouse.mlflow;

import dev.dormouse.model.Digests;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the experiment that holds a campaign's runs says about itself.
 *
 * @param key identity of this version
 * @param tags replace earlier ones; {@value #EXPERIMENT} in them stands for the experiment's id
 */
record ExperimentItem(String key, SortedMap<String, String> tags) implements OutboxItem {
  /** Stands for the experiment's id. */
  static final String EXPERIMENT = "{experiment}";

  ExperimentItem {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** The tags as a version of their own. */
  static ExperimentItem of(String name, SortedMap<String, String> tags) {
    return new ExperimentItem(
        name + "@" + Digests.sha256(ItemText.of(tags)).substring(0, 12), tags);
  }
}
