package dev.dormouse.eval.live;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.model.Source;
import dev.dormouse.table.Json;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One training as a line of JSON. Trainings of other optimizers have no phase, source and forecast.
 *
 * @param baseline number of the baseline, from 0
 * @param step number of the training, from 1
 * @param value value of the arm without noise
 */
@JsonNaming(SnakeCaseStrategy.class)
record LiveLine(
    String task,
    int baseline,
    int replicate,
    int step,
    double value,
    Optional<String> phase,
    Optional<String> source,
    Optional<Double> predictedGain,
    SortedMap<String, String> arm) {

  static LiveLine of(LiveEpisode episode, int step, double value, Attempt attempt) {
    return new LiveLine(
        episode.surface().task(),
        episode.baseline(),
        episode.replicate(),
        step,
        value,
        Optional.of(attempt.trial().phase().id()),
        attempt.trial().source().map(Source::id),
        attempt.trial().predictedGain(),
        attempt.trial().arm().asMap());
  }

  /** A line as {@code surfaces.py play} prints it. */
  private record Played(int step, double value, SortedMap<String, String> arm) {}

  static LiveLine of(LiveEpisode episode, String played) {
    Played line = Json.read(played, Played.class);
    return new LiveLine(
        episode.surface().task(),
        episode.baseline(),
        episode.replicate(),
        line.step(),
        line.value(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        line.arm());
  }
}
