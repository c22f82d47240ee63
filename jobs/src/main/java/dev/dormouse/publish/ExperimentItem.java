package dev.dormouse.publish;

import dev.dormouse.model.Digests;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the experiment that holds a campaign's runs says about itself.
 *
 * @param key identity of this version
 * @param tags replace earlier ones; {@link #EXPERIMENT} and {@link #run} in them stand for ids that
 *     the server gives
 */
record ExperimentItem(String key, SortedMap<String, String> tags) implements OutboxItem {
  /** Stands for the experiment's id. */
  static final String EXPERIMENT = "{experiment}";

  /** What stands for the id of the run of a key; keys of training runs are too many for it. */
  static String run(String runKey) {
    return "{run " + runKey + "}";
  }

  ExperimentItem {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** The tags as a version of their own. */
  static ExperimentItem of(String name, SortedMap<String, String> tags) {
    return new ExperimentItem(
        name + "@" + Digests.sha256(tags.toString()).substring(0, 12), tags);
  }
}
