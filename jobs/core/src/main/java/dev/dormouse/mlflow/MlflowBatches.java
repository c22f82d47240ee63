package dev.dormouse.mlflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.table.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a run is to hold, in requests that keep MLflow's limits. Pure. */
final class MlflowBatches {
  /** Entries of one request in all. */
  static final int ENTRIES = 1_000;

  /** Params of one request. */
  static final int PARAMS = 100;

  /** Tags of one request. */
  static final int TAGS = 100;

  /** The server refuses a megabyte. */
  static final int BYTES = 900_000;

  private static final int PARAM_LENGTH = 6_000;
  private static final int TAG_LENGTH = 8_000;
  private static final int NAME_LENGTH = 250;

  private final String runId;
  private final List<ObjectNode> batches = new ArrayList<>();
  private ObjectNode batch;
  private int bytes;
  private int entries;

  private MlflowBatches(String runId) {
    this.runId = runId;
    begin();
  }

  /**
   * The requests for {@code runs/log-batch}; none if there is nothing to log.
   *
   * @param withTags whether the run lacks its tags
   */
  static List<ObjectNode> of(String runId, RunItem item, boolean withTags) {
    MlflowBatches batches = new MlflowBatches(runId);
    item.params().forEach((name, value) -> batches.add("params", PARAMS, param(name, value)));
    if (withTags) {
      item.tags().forEach((name, value) -> batches.add("tags", TAGS, tag(name, value)));
    }
    item.metrics().forEach(point -> batches.add("metrics", ENTRIES, metric(point)));
    if (batches.entries == 0) {
      batches.batches.remove(batches.batch);
    }
    return batches.batches;
  }

  private void begin() {
    batch = Json.mapper().createObjectNode().put("run_id", runId);
    batches.add(batch);
    bytes = 0;
    entries = 0;
  }

  private void add(String list, int most, ObjectNode entry) {
    int size = entry.toString().getBytes(StandardCharsets.UTF_8).length + 1;
    if (entries == ENTRIES || batch.path(list).size() == most || bytes + size > BYTES) {
      begin();
    }
    batch.withArray(list).add(entry);
    bytes += size;
    entries++;
  }

  static ObjectNode metric(RunItem.Point point) {
    return Json.mapper()
        .createObjectNode()
        .put("key", name(point.metric()))
        .put("value", point.value())
        .put("timestamp", point.at().toEpochMilli())
        .put("step", point.step());
  }

  static ObjectNode param(String name, String value) {
    return entry(name, cut(value, PARAM_LENGTH));
  }

  static ObjectNode tag(String name, String value) {
    return entry(name, cut(value, TAG_LENGTH));
  }

  private static ObjectNode entry(String name, String value) {
    return Json.mapper().createObjectNode().put("key", name(name)).put("value", value);
  }

  /** MLflow's names take letters, digits and a few signs. */
  static String name(String name) {
    String clean = name.replaceAll("[^\\w.\\-:/ ]", "_");
    return clean.substring(0, Math.min(NAME_LENGTH, clean.length()));
  }

  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    String mark = " ...";
    int end = length - mark.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + mark;
  }
}
