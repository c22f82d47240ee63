package dev.dormouse.caution;

import dev.dormouse.stats.ForecastOutcome;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How far each source of hypotheses was right before. */
public final class SourceCautions {
  private SourceCautions() {}

  /** Returns one sentence about all sources. */
  public static Caution of(List<ForecastOutcome> outcomes) {
    if (outcomes.isEmpty()) {
      return Caution.of(
          "sources",
          "No hypothesis has an outcome in this lake yet: how far each source can be trusted is"
              + " unknown");
    }
    Map<String, List<ForecastOutcome>> bySource =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(ForecastOutcome::source, TreeMap::new, Collectors.toList()));
    return Caution.of(
        "sources",
        "Of earlier hypotheses gained: "
            + bySource.entrySet().stream()
                .map(entry -> record(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("; ")));
  }

  private static String record(String source, List<ForecastOutcome> outcomes) {
    List<ForecastOutcome> measured =
        outcomes.stream().filter(outcome -> outcome.gain().isPresent()).toList();
    long gained = measured.stream().filter(outcome -> gain(outcome) > 0).count();
    long held =
        measured.stream()
            .filter(outcome -> gain(outcome) >= outcome.low() && gain(outcome) <= outcome.high())
            .count();
    return source
        + " "
        + gained
        + " of "
        + outcomes.size()
        + " (80% intervals held "
        + held
        + " of "
        + measured.size()
        + ")";
  }

  private static double gain(ForecastOutcome outcome) {
    return outcome.gain().orElseThrow();
  }
}
