package dev.dormouse.eval.replay;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * The tasks of a request.
 *
 * @param episodes the pools of each task's episodes, by the name of the task
 * @param families the data families of the tasks that the history has
 */
record ReplayTasks(
    SortedMap<String, List<List<KnownResult>>> episodes, Map<String, Set<String>> families) {
  /**
   * Reads tasks and pools.
   *
   * @throws IOException if the file of pools cannot be read
   * @throws IllegalArgumentException if an input is missing or lacks what is needed
   */
  static ReplayTasks of(SparkSession spark, ReplayRequest request) throws IOException {
    Pools pools = Pools.of(request);
    SortedMap<String, List<List<KnownResult>>> episodes = new TreeMap<>();
    ReplayTables.results(spark, request.tasks()).stream()
        .collect(Collectors.groupingBy(KnownResult::taskId))
        .forEach((task, results) -> episodes.put(task, pools.episodes(task, results)));
    request.task().ifPresent(only -> episodes.keySet().retainAll(List.of(only)));
    return new ReplayTasks(
        episodes,
        ReplayTables.families(ReplayTables.history(spark, request.tasks(), request.history())));
  }

  /** Returns the names of the tasks, in their order. */
  List<String> names() {
    return List.copyOf(episodes.keySet());
  }

  /** Returns the data family of a task; the task itself if history does not have it. */
  String family(String task) {
    return families.getOrDefault(task, Set.of(task)).iterator().next();
  }
}
