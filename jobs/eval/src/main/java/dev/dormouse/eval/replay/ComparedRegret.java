package dev.dormouse.eval.replay;

import dev.dormouse.stats.ClusterBootstrap;
import dev.dormouse.stats.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Normalised regret of one method, compared with a reference on the same pools. Results of tasks of
 * one data family are correlated, so differences are resampled by family.
 *
 * @param name name of the method
 * @param regret mean over tasks after each evaluation: 1 is as good as the pool's median, 0 the
 *     best
 * @param ofTasks the same of each task
 * @param overAll mean over all evaluations
 * @param behind regret minus the reference's after each evaluation, with its 95% interval over
 *     families; empty for the reference
 * @param behindOverAll the same over all evaluations
 * @param worstTask largest difference of any task after each evaluation; empty for the reference
 */
public record ComparedRegret(
    String name,
    List<Double> regret,
    SortedMap<String, List<Double>> ofTasks,
    double overAll,
    List<Estimate> behind,
    Optional<Estimate> behindOverAll,
    List<Double> worstTask) {

  /** Returns the regret of the reference itself. */
  public static ComparedRegret reference(String name, SortedMap<String, List<Double>> ofTasks) {
    List<Double> regret = mean(ofTasks);
    return new ComparedRegret(
        name, regret, ofTasks, average(regret), List.of(), Optional.empty(), List.of());
  }

  /**
   * Compares a method with a reference.
   *
   * @param ofTasks regret of the method, by task
   * @param reference regret of the reference on the same tasks
   * @param family returns the data family of a task
   */
  public static ComparedRegret of(
      String name,
      SortedMap<String, List<Double>> ofTasks,
      SortedMap<String, List<Double>> reference,
      UnaryOperator<String> family) {
    List<String> tasks = List.copyOf(ofTasks.keySet());
    List<String> families = tasks.stream().map(family).toList();
    List<Double> regret = mean(ofTasks);
    List<Estimate> behind = new ArrayList<>();
    List<Double> worst = new ArrayList<>();
    for (int n : IntStream.range(0, regret.size()).toArray()) {
      List<Double> differences =
          differences(tasks, task -> ofTasks.get(task).get(n) - reference.get(task).get(n));
      behind.add(ClusterBootstrap.mean(differences, families));
      worst.add(differences.stream().max(Double::compare).orElseThrow());
    }
    Estimate overAll =
        ClusterBootstrap.mean(
            differences(tasks, task -> average(ofTasks.get(task)) - average(reference.get(task))),
            families);
    return new ComparedRegret(
        name, regret, ofTasks, average(regret), behind, Optional.of(overAll), worst);
  }

  private static List<Double> differences(List<String> tasks, ToDoubleFunction<String> difference) {
    return tasks.stream().map(difference::applyAsDouble).toList();
  }

  private static List<Double> mean(SortedMap<String, List<Double>> ofTasks) {
    int steps = ofTasks.values().iterator().next().size();
    return IntStream.range(0, steps)
        .mapToObj(
            n ->
                ofTasks.values().stream()
                    .mapToDouble(curve -> curve.get(n))
                    .average()
                    .orElseThrow())
        .toList();
  }

  private static double average(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
