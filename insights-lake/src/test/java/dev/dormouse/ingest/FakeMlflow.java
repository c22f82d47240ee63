package dev.dormouse.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowException;
import dev.dormouse.tracking.MlflowMetric;
import dev.dormouse.tracking.MlflowRun;
import dev.dormouse.tracking.MlflowSource;
import dev.dormouse.tracking.RunSearch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tracking server in memory, which may go away after some requests. */
final class FakeMlflow implements MlflowSource {
  private static final Pattern SINCE = Pattern.compile("end_time > (\\d+)");

  private final Map<String, List<ObjectNode>> runs = new LinkedHashMap<>();
  private final Map<String, List<MlflowMetric>> histories = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private int answers = Integer.MAX_VALUE;

  /** A run with parameter {@code lr}; an end of 0 says that it still runs. */
  ObjectNode run(String experiment, String id, String status, long end, double lr) {
    ObjectNode run = Json.mapper().createObjectNode();
    run.putObject("info").put("run_id", id).put("status", status).put("start_time", 1_000);
    if (end > 0) {
      run.withObject("info").put("end_time", end);
    }
    pair(run, "params", "lr", Double.toString(lr));
    runs.computeIfAbsent(experiment, name -> new ArrayList<>()).add(run);
    return run;
  }

  /** Adds a parameter or tag. */
  static void pair(ObjectNode run, String what, String key, String value) {
    run.withObject("data").withArray(what).addObject().put("key", key).put("value", value);
  }

  /** Adds a metric with one value for each step from 0. */
  void metric(ObjectNode run, String name, double... values) {
    ObjectNode last = run.withObject("data").withArray("metrics").addObject().put("key", name);
    List<MlflowMetric> points = new ArrayList<>();
    for (int step = 0; step < values.length; step++) {
      points.add(new MlflowMetric(name, values[step], step, step));
      last.put("step", step).put("value", Double.toString(values[step]));
    }
    histories.put(run.path("info").path("run_id").asText() + "/" + name, points);
  }

  /** Answers so many more requests, then none. */
  void answer(int more) {
    answers = more;
  }

  /** What was asked since the last call. */
  List<String> requests() {
    List<String> all = List.copyOf(requests);
    requests.clear();
    return all;
  }

  @Override
  public List<Experiment> experiments() {
    ask("experiments");
    return runs.keySet().stream().map(name -> new Experiment("id-" + name, name)).toList();
  }

  @Override
  public Page runs(RunSearch search) {
    String experimentId = search.experimentIds().get(0);
    ask("runs " + experimentId + search.pageToken().map(page -> " from " + page).orElse(""));
    assertThat(search.orderBy()).containsExactly("attributes.end_time ASC");
    Matcher since = SINCE.matcher(search.filter());
    long after = since.find() ? Long.parseLong(since.group(1)) : -1;
    boolean onlyFinished = search.filter().contains("= 'FINISHED'");
    List<MlflowRun> found =
        runs.get(experimentId.substring(3)).stream()
            .filter(run -> !status(run).equals("RUNNING"))
            .filter(run -> !onlyFinished || status(run).equals("FINISHED"))
            .filter(run -> end(run) > after)
            .sorted(Comparator.comparingLong(FakeMlflow::end))
            .map(run -> Json.read(run.toString(), MlflowRun.class))
            .toList();
    int from = search.pageToken().map(Integer::parseInt).orElse(0);
    int to = Math.min(from + search.maxResults(), found.size());
    return new Page(
        found.subList(from, to),
        to < found.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
  }

  @Override
  public List<MlflowMetric> history(String runId, String metric, int max) {
    ask("history " + runId + "/" + metric);
    return histories.get(runId + "/" + metric);
  }

  private void ask(String request) {
    if (answers-- <= 0) {
      throw new MlflowException.Unreachable("gone", null);
    }
    requests.add(request);
  }

  private static String status(ObjectNode run) {
    return run.path("info").path("status").asText();
  }

  private static long end(JsonNode run) {
    return run.path("info").path("end_time").asLong(0);
  }
}
