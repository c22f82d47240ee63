package dev.dormouse.eval.live;

import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A response surface without the surface itself, which only {@code surfaces.py} evaluates.
 *
 * @param task the task to whose published results it was fitted
 * @param family data family of the task
 * @param space the search space
 * @param baselines arms to start from
 * @param best the highest point
 */
record Surface(
    String task,
    String family,
    List<Domain> space,
    List<SortedMap<String, String>> baselines,
    Best best) {

  Surface {
    space = space == null ? List.of() : List.copyOf(space);
    baselines = baselines == null ? List.of() : List.copyOf(baselines);
    if (task == null || family == null || best == null || space.isEmpty() || baselines.isEmpty()) {
      throw new IllegalArgumentException(
          "A surface needs a task, a family, parameters, baselines and the best arm");
    }
  }

  /**
   * A parameter: of some choices, or of a range.
   *
   * @param type float, int, bool or categorical
   * @param low lower end; present if {@code choices} are not
   * @param log whether the range is logarithmic
   */
  record Domain(
      String name,
      String type,
      Optional<List<String>> choices,
      Optional<String> low,
      Optional<String> high,
      boolean log) {

    /** Returns the parameter as a campaign file describes it. */
    Map<String, Object> inCampaignFile() {
      SortedMap<String, Object> described = new TreeMap<>(Map.of("type", type));
      if (low.isPresent()) {
        described.put("range", List.of(low.get(), high.orElseThrow()));
        described.put("log", log);
      } else if (!type.equals("bool")) {
        described.put("choices", choices.orElseThrow());
      }
      return described;
    }
  }

  /**
   * An arm and its value without noise.
   *
   * @param value value of the metric; higher is better
   */
  record Best(SortedMap<String, String> arm, double value) {}

  /**
   * Reads a file that {@code surfaces.py fit} wrote.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is no such file
   */
  static Surface read(Path file) throws IOException {
    try {
      return Json.read(Files.readString(file), Surface.class);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
