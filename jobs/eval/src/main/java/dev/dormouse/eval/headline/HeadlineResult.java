package dev.dormouse.eval.headline;

import dev.dormouse.stats.ClusterBootstrap;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.PairedComparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/**
 * How much each method improved the models.
 *
 * @param models number of models
 * @param replicates searches of each method for each model
 * @param trainings trainings of a search
 * @param seeds fresh seeds of each test
 * @param methods the methods, in the order of the request
 */
public record HeadlineResult(
    int models, int replicates, int trainings, int seeds, List<Method> methods) {

  /**
   * A search with the test of what it found.
   *
   * @param test the found arm against the baseline, on the test split; empty if a training failed
   */
  record Tested(HeadlineSearch search, Optional<PairedComparison> test) {
    /** Returns the gain on the test split; 0 unless its 95% interval lies above 0. */
    double confirmed() {
      return test.map(PairedComparison::gain)
          .filter(gain -> gain.low() > 0)
          .map(Estimate::mean)
          .orElse(0.0);
    }
  }

  /**
   * One method.
   *
   * @param name its name
   * @param confirmed mean confirmed gain on the test split, with its interval over models
   * @param confirmedShare share of searches whose gain is confirmed
   * @param lead by how much the confirmed gain exceeds that of the first method
   * @param reached share of searches that reach the final validation gain of the manual practice
   * @param trainings mean trainings of those until then
   * @param hours mean hours of training of those until then
   * @param touches mean number of things that people did in a search
   */
  public record Method(
      String name,
      Estimate confirmed,
      double confirmedShare,
      Optional<Estimate> lead,
      OptionalDouble reached,
      OptionalDouble trainings,
      OptionalDouble hours,
      double touches) {}

  static HeadlineResult of(HeadlineRequest request, List<Tested> tested) {
    String first = request.methods().get(0);
    return new HeadlineResult(
        request.models().size(),
        request.replicates(),
        request.budget(),
        request.seeds(),
        request.methods().stream().map(name -> method(name, first, tested)).toList());
  }

  private static Method method(String name, String first, List<Tested> all) {
    List<Tested> own = all.stream().filter(t -> t.search().method().equals(name)).toList();
    List<Integer> trainings = new ArrayList<>();
    List<Double> hours = new ArrayList<>();
    int compared = 0;
    for (Tested one : own) {
      Optional<Tested> manual = of(HeadlineBench.MANUAL, one, all);
      if (manual.isPresent()) {
        compared++;
        OptionalInt needed = one.search().trainingsTo(manual.get().search().gain());
        needed.ifPresent(
            n -> {
              trainings.add(n);
              hours.add(one.search().hours(n));
            });
      }
    }
    return new Method(
        name,
        estimate(own, Tested::confirmed),
        own.stream().mapToDouble(one -> one.confirmed() > 0 ? 1 : 0).average().orElse(0),
        name.equals(first)
            ? Optional.empty()
            : Optional.of(
                estimate(
                    own, one -> one.confirmed() - of(first, one, all).orElseThrow().confirmed())),
        compared == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of(trainings.size() / (double) compared),
        trainings.stream().mapToInt(n -> n).average(),
        hours.stream().mapToDouble(h -> h).average(),
        own.stream().mapToInt(one -> one.search().touches()).average().orElse(0));
  }

  /** Returns what a method found for the same model in the same replicate. */
  private static Optional<Tested> of(String method, Tested one, List<Tested> all) {
    return all.stream()
        .filter(other -> other.search().method().equals(method))
        .filter(other -> other.search().model().equals(one.search().model()))
        .filter(other -> other.search().replicate() == one.search().replicate())
        .findFirst();
  }

  private static Estimate estimate(List<Tested> tested, ToDoubleFunction<Tested> value) {
    return ClusterBootstrap.mean(
        tested.stream().map(one -> value.applyAsDouble(one)).toList(),
        tested.stream().map(one -> one.search().model()).toList());
  }

  /** Returns how many times the confirmed gain of one method is that of another. */
  public OptionalDouble ratio(String method, String other) {
    OptionalDouble above = gain(method);
    OptionalDouble below = gain(other);
    return above.isEmpty() || below.isEmpty() || below.getAsDouble() <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(above.getAsDouble() / below.getAsDouble());
  }

  private OptionalDouble gain(String method) {
    return methods.stream()
        .filter(one -> one.name().equals(method))
        .mapToDouble(one -> one.confirmed().mean())
        .findFirst();
  }
}
