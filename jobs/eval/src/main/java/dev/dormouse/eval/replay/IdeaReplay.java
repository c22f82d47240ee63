package dev.dormouse.eval.replay;

import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Measures the effect of a language model's ideas on the regret of a replay. Expected: no relevant
 * effect if the model answers nonsense, less regret if it knows something, no less if the outcomes
 * in its prompt are shuffled.
 */
public final class IdeaReplay {
  /** Standard deviation of an informed model's error in an arm's rank, which is from 0 to 1. */
  private static final double BLUR = 0.1;

  /** Scripted models; only the readers use what the prompt tells them. */
  enum Model {
    NONE,
    GARBAGE,
    ALWAYS_THE_SAME,
    ADVERSARIAL,
    INFORMED,
    READER,
    READER_OF_SHUFFLED
  }

  /**
   * Regrets by model; the first is the planner without a model, the reference of the others.
   *
   * @param withHistory where the planner itself uses history
   * @param withoutHistory where only the model's prompt has history
   */
  public record Result(List<ComparedRegret> withHistory, List<ComparedRegret> withoutHistory) {
    public Result {
      withHistory = List.copyOf(withHistory);
      withoutHistory = List.copyOf(withoutHistory);
    }
  }

  private final int budget;
  private final Map<String, String> families = new TreeMap<>();
  private final Map<Model, SortedMap<String, List<double[]>>> withHistory = new TreeMap<>();
  private final Map<Model, SortedMap<String, List<double[]>>> withoutHistory = new TreeMap<>();

  IdeaReplay(int budget) {
    this.budget = budget;
  }

  /**
   * Replays all tasks with every model.
   *
   * @param progress receives a message for each task
   * @throws IOException if the file of pools cannot be read
   */
  public static Result run(SparkSession spark, ReplayRequest request, Consumer<String> progress)
      throws IOException {
    Map<String, List<KnownResult>> tasks =
        ReplayTables.results(spark, request.tasks()).stream()
            .collect(Collectors.groupingBy(KnownResult::taskId, TreeMap::new, Collectors.toList()));
    request.task().ifPresent(only -> tasks.keySet().retainAll(Set.of(only)));
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("there is no such task in " + request.tasks());
    }
    List<PastRun> history = ReplayTables.history(spark, request.history());
    Pools pools = Pools.of(request);
    IdeaReplay replay = new IdeaReplay(request.budget());
    tasks.forEach(
        (task, results) -> {
          progress.accept("Playing " + task + " ...");
          String family = family(history, task);
          List<PastResult> past =
              history.stream()
                  .filter(run -> !run.family().equals(family))
                  .map(PastRun::result)
                  .toList();
          HistoryPrior prior =
              HistoryPrior.learn(past, results.stream().map(KnownResult::arm).toList());
          int episode = 0;
          for (List<KnownResult> pool : pools.episodes(task, results)) {
            replay.play(family, pool, past, prior, episode++);
          }
        });
    return replay.result();
  }

  private static String family(List<PastRun> history, String task) {
    return history.stream()
        .filter(run -> run.taskId().equals(task))
        .map(PastRun::family)
        .findFirst()
        .orElse(task);
  }

  /**
   * Plays one pool with every model, with and without history for the planner.
   *
   * @param family data family of the pool's task
   */
  void play(
      String family,
      List<KnownResult> pool,
      List<PastResult> past,
      HistoryPrior prior,
      int episode) {
    String task = pool.get(0).taskId();
    families.put(task, family);
    List<KnownResult> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(episode));
    for (Model model : Model.values()) {
      boolean reads = model == Model.READER || model == Model.READER_OF_SHUFFLED;
      if (!reads) {
        of(withHistory, model, task)
            .add(regret(shuffled, prior, Source.HISTORY, adviser(model, shuffled, past, episode)));
      }
      if (reads || model == Model.NONE) {
        of(withoutHistory, model, task)
            .add(
                regret(
                    shuffled,
                    HistoryPrior.none(),
                    Source.SURROGATE,
                    adviser(model, shuffled, past, episode)));
      }
    }
  }

  private static List<double[]> of(
      Map<Model, SortedMap<String, List<double[]>>> curves, Model model, String task) {
    return curves
        .computeIfAbsent(model, any -> new TreeMap<>())
        .computeIfAbsent(task, any -> new ArrayList<>());
  }

  private double[] regret(
      List<KnownResult> pool, HistoryPrior prior, Source source, Episode.Adviser adviser) {
    return new Regret(pool)
        .curve(
            new Episode(pool, prior, source, budget, LearningCurves.HIDDEN, adviser)
                .play().stream().map(Episode.Choice::evaluation).toList(),
            budget);
  }

  private static Episode.Adviser adviser(
      Model model, List<KnownResult> pool, List<PastResult> past, int episode) {
    Map<Arm, Double> truth = ranks(pool);
    return switch (model) {
      case NONE -> Episode.Adviser.NONE;
      case GARBAGE ->
          new IdeaAdviser(ScriptedModel.answering("{\"ideas\": [{\"claim\": 7}, \"\u0000"), past);
      case ALWAYS_THE_SAME -> {
        Arm favourite = pool.get(0).arm();
        yield new IdeaAdviser(ScriptedModel.preferring(arm -> arm.equals(favourite) ? 1 : 0), past);
      }
      case ADVERSARIAL -> new IdeaAdviser(ScriptedModel.preferring(arm -> -truth.get(arm)), past);
      case INFORMED -> {
        Random random = new Random(episode);
        Map<Arm, Double> belief = new LinkedHashMap<>();
        truth.forEach((arm, rank) -> belief.put(arm, rank + BLUR * random.nextGaussian()));
        yield new IdeaAdviser(ScriptedModel.preferring(belief::get), past);
      }
      case READER -> new IdeaAdviser(ScriptedModel.reader(), past);
      case READER_OF_SHUFFLED -> new IdeaAdviser(ScriptedModel.reader(), Replay.shuffled(past));
    };
  }

  /** Returns ranks from 0, the worst of the pool, to 1, the best. */
  private static Map<Arm, Double> ranks(List<KnownResult> pool) {
    Regret regret = new Regret(pool);
    double[] values =
        pool.stream().mapToDouble(r -> regret.valueOrWorst(r.value())).sorted().toArray();
    Map<Arm, Double> ranks = new LinkedHashMap<>();
    for (KnownResult result : pool) {
      int place = Arrays.binarySearch(values, regret.valueOrWorst(result.value()));
      ranks.putIfAbsent(result.arm(), place / Math.max(1.0, values.length - 1));
    }
    return ranks;
  }

  Result result() {
    return new Result(compared(withHistory), compared(withoutHistory));
  }

  private List<ComparedRegret> compared(Map<Model, SortedMap<String, List<double[]>>> curves) {
    SortedMap<String, List<Double>> reference = ofTasks(curves.get(Model.NONE));
    return curves.keySet().stream()
        .map(
            model ->
                model == Model.NONE
                    ? ComparedRegret.reference(name(model), reference)
                    : ComparedRegret.of(
                        name(model), ofTasks(curves.get(model)), reference, families::get))
        .toList();
  }

  private static SortedMap<String, List<Double>> ofTasks(SortedMap<String, List<double[]>> curves) {
    SortedMap<String, List<Double>> means = new TreeMap<>();
    curves.forEach(
        (task, episodes) -> means.put(task, Arrays.stream(Regret.mean(episodes)).boxed().toList()));
    return means;
  }

  private static String name(Model model) {
    return model.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
