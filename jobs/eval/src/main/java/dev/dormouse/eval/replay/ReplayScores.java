package dev.dormouse.eval.replay;

import dev.dormouse.eval.replay.Regret.Evaluation;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Scores the evaluations of any planner or optimizer on the same pools. */
public final class ReplayScores {
  private static final int RANDOM_ORDERS = 100;

  private final ReplayTasks tasks;
  private final int budget;

  private ReplayScores(ReplayTasks tasks, int budget) {
    this.tasks = tasks;
    this.budget = budget;
  }

  /**
   * Reads the tasks, pools and budget of a request.
   *
   * @throws IOException if the file of pools cannot be read
   * @throws IllegalArgumentException if an input is missing or lacks what is needed
   */
  public static ReplayScores of(SparkSession spark, ReplayRequest request) throws IOException {
    return new ReplayScores(ReplayTasks.of(spark, request), request.budget());
  }

  /**
   * Writes the configurations of each task's episodes in the format of a request's file of pools.
   *
   * @throws IOException if it cannot be written
   */
  public void writePools(Path file) throws IOException {
    SortedMap<String, List<List<String>>> ids = new TreeMap<>();
    tasks
        .episodes()
        .forEach(
            (task, pools) ->
                ids.put(
                    task,
                    pools.stream()
                        .map(pool -> pool.stream().map(KnownResult::configId).toList())
                        .toList()));
    Files.writeString(file, Json.write(ids));
  }

  /** Returns the tasks in the order of their names. */
  public List<String> tasks() {
    return tasks.names();
  }

  /** Whether any run has a learning curve. */
  public boolean haveCurves() {
    return tasks.episodes().values().stream()
        .flatMap(pools -> pools.stream().flatMap(List::stream))
        .anyMatch(result -> !result.curve().isEmpty());
  }

  /** Returns the data family of a task; the task itself if history does not have it. */
  public String family(String task) {
    return tasks.family(task);
  }

  /**
   * Returns the mean normalised regret of each task after each evaluation, from a file of JSON
   * lines as {@link Replay} writes them. A line without a cost counts as a whole run, one with a
   * cost below 1 as a run that was stopped and has no result.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it lacks an episode, or names a configuration that is not
   *     in its pool
   */
  public SortedMap<String, List<Double>> ofFile(Path lines) throws IOException {
    Map<String, SortedMap<Integer, ReplayLine>> chosen = new HashMap<>();
    for (String text : Files.readAllLines(lines)) {
      ReplayLine line = Json.read(text, ReplayLine.class);
      chosen
          .computeIfAbsent(line.taskId() + " " + line.episode(), episode -> new TreeMap<>())
          .put(line.step(), line);
    }
    return scores(
        (task, episode, pool) -> {
          SortedMap<Integer, ReplayLine> steps = chosen.get(task + " " + episode);
          if (steps == null) {
            throw new IllegalArgumentException(
                lines + " has no line of episode " + episode + " of " + task);
          }
          Map<String, KnownResult> known =
              pool.stream().collect(Collectors.toMap(KnownResult::configId, r -> r));
          List<Evaluation> evaluations = new ArrayList<>();
          for (ReplayLine step : steps.values()) {
            KnownResult result = known.get(step.configId());
            if (result == null) {
              throw new IllegalArgumentException(
                  lines
                      + " evaluates what is not in the pool of episode "
                      + episode
                      + " of "
                      + task);
            }
            double cost = step.cost().orElse(1.0);
            evaluations.add(
                new Evaluation(cost < 1 ? OptionalDouble.empty() : result.value(), cost));
          }
          return new Regret(pool).curve(evaluations, budget);
        });
  }

  /** Returns the same of random orders, averaged over many. */
  public SortedMap<String, List<Double>> ofRandomOrders() {
    return scores(
        (task, episode, pool) -> {
          Random random = new Random(episode);
          Regret regret = new Regret(pool);
          List<KnownResult> order = new ArrayList<>(pool);
          List<double[]> curves = new ArrayList<>();
          for (int i = 0; i < RANDOM_ORDERS; i++) {
            Collections.shuffle(order, random);
            curves.add(regret.ofOrder(order, budget));
          }
          return Regret.mean(curves);
        });
  }

  private interface EpisodeScore {
    double[] of(String task, int episode, List<KnownResult> pool);
  }

  private SortedMap<String, List<Double>> scores(EpisodeScore score) {
    SortedMap<String, List<Double>> scores = new TreeMap<>();
    tasks
        .episodes()
        .forEach(
            (task, pools) -> {
              List<double[]> curves = new ArrayList<>();
              for (List<KnownResult> pool : pools) {
                curves.add(score.of(task, curves.size(), pool));
              }
              List<Double> mean = new ArrayList<>();
              for (double regret : Regret.mean(curves)) {
                mean.add(regret);
              }
              scores.put(task, mean);
            });
    return scores;
  }
}
