package dev.dormouse.eval.replay;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The configurations that each episode of a task may choose from: given, or seeded halves. */
final class Pools {
  private final ReplayRequest request;
  private final Map<String, List<List<String>>> given;

  private Pools(ReplayRequest request, Map<String, List<List<String>>> given) {
    this.request = request;
    this.given = given;
  }

  /**
   * Reads the file of pools, if the request names one.
   *
   * @throws IOException if it cannot be read
   */
  static Pools of(ReplayRequest request) throws IOException {
    return new Pools(
        request,
        request.pools().isPresent()
            ? Json.mapper().readValue(request.pools().get().toFile(), new TypeReference<>() {})
            : Map.of());
  }

  /**
   * Returns the pools of a task's episodes, as many as are requested or given.
   *
   * @throws IllegalArgumentException if pools are given, but none for this task
   */
  List<List<KnownResult>> episodes(String task, List<KnownResult> results) {
    if (request.pools().isEmpty()) {
      return halves(results);
    }
    if (!given.containsKey(task)) {
      throw new IllegalArgumentException(
          "Cannot replay task " + task + ": " + request.pools().get() + " has no pools for it");
    }
    List<List<KnownResult>> episodes = new ArrayList<>();
    for (List<String> configIds : given.get(task)) {
      if (episodes.size() < request.episodes()) {
        Set<String> selected = new HashSet<>(configIds);
        episodes.add(results.stream().filter(r -> selected.contains(r.configId())).toList());
      }
    }
    return episodes;
  }

  private List<List<KnownResult>> halves(List<KnownResult> results) {
    List<List<KnownResult>> halves = new ArrayList<>();
    for (int episode = 0; episode < request.episodes(); episode++) {
      List<KnownResult> shuffled = new ArrayList<>(results);
      Collections.shuffle(shuffled, new Random(1_000_003L * (episode + 1)));
      halves.add(List.copyOf(shuffled.subList(0, (shuffled.size() + 1) / 2)));
    }
    return halves;
  }
}
