package dev.dormouse.eval.headline;

import dev.dormouse.table.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;

/**
 * What one method did with one model.
 *
 * @param model the model
 * @param method the method
 * @param replicate number of the replicate, from 0
 * @param steps the trainings, in order; the first is the baseline's
 * @param touches what people did in it
 */
record HeadlineSearch(String model, String method, int replicate, List<Step> steps, int touches) {
  HeadlineSearch {
    steps = List.copyOf(steps);
  }

  /**
   * One training.
   *
   * @param value metric on the validation split; empty if the training failed
   * @param seconds how long it took
   */
  record Step(Optional<Double> value, double seconds, SortedMap<String, String> arm) {}

  /** A line as {@code headline.py play} prints it. */
  private record Played(Optional<Double> value, double seconds, SortedMap<String, String> arm) {}

  static Step step(String line) {
    Played played = Json.read(line, Played.class);
    return new Step(played.value(), played.seconds(), played.arm());
  }

  /** Returns the arm with the best result; the baseline if no result is better than its. */
  SortedMap<String, String> best() {
    Step best = steps.get(0);
    for (Step step : steps) {
      if (value(step) > value(best)) {
        best = step;
      }
    }
    return best.arm();
  }

  private static double value(Step step) {
    return step.value().orElse(Double.NEGATIVE_INFINITY);
  }

  /** Returns the largest gain over the baseline's result, on the validation split; 0 or more. */
  double gain() {
    return gains().get(steps.size() - 1);
  }

  /** Returns the largest gain so far, after each training. */
  private List<Double> gains() {
    List<Double> gains = new ArrayList<>();
    double best = 0;
    for (Step step : steps) {
      best = Math.max(best, value(step) - value(steps.get(0)));
      gains.add(best);
    }
    return gains;
  }

  /** Returns after how many trainings a gain was reached; empty if it was not. */
  OptionalInt trainingsTo(double gain) {
    List<Double> gains = gains();
    for (int i = 0; i < gains.size(); i++) {
      if (gains.get(i) >= gain) {
        return OptionalInt.of(i + 1);
      }
    }
    return OptionalInt.empty();
  }

  /** Returns how long the first trainings took together, in hours. */
  double hours(int trainings) {
    return steps.stream().limit(trainings).mapToDouble(Step::seconds).sum() / 3600;
  }
}
