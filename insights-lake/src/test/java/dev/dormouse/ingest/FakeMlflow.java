package dev.dormouse.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tracking server in memory, which may go away after some requests. */
final class FakeMlflow implements MlflowApi {
  private static final Pattern SINCE = Pattern.compile("end_time > (\\d+)");

  private final Map<String, List<ObjectNode>> runs = new LinkedHashMap<>();
  private final Map<String, List<Point>> histories = new LinkedHashMap<>();
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
    List<Point> points = new ArrayList<>();
    for (int step = 0; step < values.length; step++) {
      points.add(new Point(step, step, values[step]));
      MlflowRow.put(last.put("step", step), "value", values[step]);
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
  public Page runs(String experimentId, String filter, Optional<String> token, int size) {
    ask("runs " + experimentId + token.map(page -> " from " + page).orElse(""));
    Matcher since = SINCE.matcher(filter);
    long after = since.find() ? Long.parseLong(since.group(1)) : -1;
    boolean onlyFinished = filter.contains("= 'FINISHED'");
    List<JsonNode> found =
        runs.get(experimentId.substring(3)).stream()
            .filter(run -> !status(run).equals("RUNNING"))
            .filter(run -> !onlyFinished || status(run).equals("FINISHED"))
            .filter(run -> end(run) > after)
            .sorted(Comparator.comparingLong(FakeMlflow::end))
            .map(run -> (JsonNode) run.deepCopy())
            .toList();
    int from = token.map(Integer::parseInt).orElse(0);
    int to = Math.min(from + size, found.size());
    return new Page(
        found.subList(from, to),
        to < found.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
  }

  @Override
  public List<Point> history(String runId, String metric, int most) {
    ask("history " + runId + "/" + metric);
    return histories.get(runId + "/" + metric);
  }

  private void ask(String request) {
    if (answers-- <= 0) {
      throw new SourceUnreachableException("gone", null);
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
