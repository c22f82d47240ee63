package dev.dormouse.mlflow;

import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowEntry;
import dev.dormouse.tracking.MlflowMetric;
import dev.dormouse.tracking.RunBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Divides what a run is to hold into requests within MLflow's limits. Pure. */
final class MlflowBatches {
  /** Limit of the entries of one request. */
  static final int MAX_ENTRIES = 1_000;

  /** Limit of the params of one request. */
  static final int MAX_PARAMS = 100;

  /** Limit of the tags of one request. */
  static final int MAX_TAGS = 100;

  /** The server refuses a megabyte. */
  static final int MAX_BYTES = 900_000;

  private static final int PARAM_LENGTH = 6_000;
  private static final int TAG_LENGTH = 8_000;
  private static final int NAME_LENGTH = 250;

  private final String runId;
  private final List<RunBatch> batches = new ArrayList<>();
  private final List<MlflowEntry> params = new ArrayList<>();
  private final List<MlflowEntry> tags = new ArrayList<>();
  private final List<MlflowMetric> metrics = new ArrayList<>();
  private int bytes;

  private MlflowBatches(String runId) {
    this.runId = runId;
  }

  /** Returns the batches for a run that has its tags already; none if there is nothing to log. */
  static List<RunBatch> withoutTags(String runId, RunItem item) {
    return new MlflowBatches(runId).divided(item, List.of());
  }

  /** Returns the batches for a run whose tags change too; none if there is nothing to log. */
  static List<RunBatch> withTags(String runId, RunItem item) {
    return new MlflowBatches(runId).divided(item, tags(item.tags()));
  }

  private List<RunBatch> divided(RunItem item, List<MlflowEntry> itemTags) {
    params(item.params()).forEach(param -> add(params, MAX_PARAMS, param));
    itemTags.forEach(tag -> add(tags, MAX_TAGS, tag));
    item.metrics().forEach(point -> add(metrics, MAX_ENTRIES, metric(point)));
    finishBatch();
    return batches;
  }

  private <T> void add(List<T> list, int max, T entry) {
    int size = Json.write(entry).getBytes(StandardCharsets.UTF_8).length + 1;
    if (entries() == MAX_ENTRIES || list.size() == max || bytes + size > MAX_BYTES) {
      finishBatch();
    }
    list.add(entry);
    bytes += size;
  }

  private int entries() {
    return params.size() + tags.size() + metrics.size();
  }

  private void finishBatch() {
    if (entries() > 0) {
      batches.add(new RunBatch(runId, params, tags, metrics));
    }
    params.clear();
    tags.clear();
    metrics.clear();
    bytes = 0;
  }

  static MlflowMetric metric(RunItem.Point point) {
    return new MlflowMetric(
        name(point.metric()), point.value(), point.at().toEpochMilli(), point.step());
  }

  static List<MlflowEntry> params(SortedMap<String, String> params) {
    return params.entrySet().stream()
        .map(
            param ->
                new MlflowEntry(name(param.getKey()), shortened(param.getValue(), PARAM_LENGTH)))
        .toList();
  }

  static List<MlflowEntry> tags(SortedMap<String, String> tags) {
    return tags.entrySet().stream().map(tag -> tag(tag.getKey(), tag.getValue())).toList();
  }

  static MlflowEntry tag(String name, String value) {
    return new MlflowEntry(name(name), shortened(value, TAG_LENGTH));
  }

  /** Returns a name that MLflow accepts: letters, digits and a few signs, not too long. */
  static String name(String name) {
    String clean = name.replaceAll("[^\\w.\\-:/ ]", "_");
    return clean.substring(0, Math.min(NAME_LENGTH, clean.length()));
  }

  private static String shortened(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    String mark = " ...";
    int end = length - mark.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + mark;
  }
}
