package dev.dormouse.replay;

import dev.dormouse.model.Arm;
import dev.dormouse.prior.HistoryPrior;
import dev.dormouse.prior.PastResult;
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
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * What a language model's ideas do to the regret of a replay: nothing worth mentioning if it
 * answers nonsense, less regret if it knows something, and no less if it is told shuffled outcomes.
 */
public final class IdeaReplay {
  /** The sd of what an informed model believes of an arm's rank among the pool's, from 0 to 1. */
  private static final double BLUR = 0.1;

  /** The model of an episode; the reader is the only one that uses what it is told. */
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
   * Mean regret after the last evaluation, and over all evaluations.
   *
   * @param model which model
   * @param plannerHasHistory whether the planner itself knows the past
   * @param last after the last evaluation
   * @param mean over all evaluations
   */
  public record Line(String model, boolean plannerHasHistory, double last, double mean) {}

  private final int budget;
  private final Map<Model, List<double[]>> informed = new TreeMap<>();
  private final Map<Model, List<double[]>> uninformed = new TreeMap<>();

  IdeaReplay(int budget) {
    this.budget = budget;
  }

  /**
   * Replays all tasks with every model.
   *
   * @throws IOException if the file of pools cannot be read
   */
  public static List<Line> run(SparkSession spark, ReplayRequest request) throws IOException {
    Map<String, List<KnownResult>> tasks =
        ReplayTables.results(spark, request.tasks()).stream()
            .collect(Collectors.groupingBy(KnownResult::taskId, TreeMap::new, Collectors.toList()));
    request.task().ifPresent(only -> tasks.keySet().retainAll(Set.of(only)));
    List<PastRun> history = ReplayTables.history(spark, request.history());
    Pools pools = Pools.of(request);
    IdeaReplay replay = new IdeaReplay(request.budget());
    tasks.forEach(
        (task, results) -> {
          List<PastResult> past = visible(history, task);
          HistoryPrior prior =
              HistoryPrior.learn(past, results.stream().map(KnownResult::arm).toList());
          int episode = 0;
          for (List<KnownResult> pool : pools.episodes(task, results)) {
            replay.play(pool, past, prior, episode++);
          }
        });
    return replay.lines();
  }

  private static List<PastResult> visible(List<PastRun> history, String task) {
    Set<String> own =
        history.stream()
            .filter(run -> run.taskId().equals(task))
            .map(PastRun::family)
            .collect(Collectors.toSet());
    return history.stream().filter(r -> !own.contains(r.family())).map(PastRun::result).toList();
  }

  /** Plays one pool with every model, with and without history for the planner. */
  void play(List<KnownResult> pool, List<PastResult> past, HistoryPrior prior, int episode) {
    List<KnownResult> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(episode));
    for (Model model : Model.values()) {
      boolean reads = model == Model.READER || model == Model.READER_OF_SHUFFLED;
      if (!reads) {
        informed
            .computeIfAbsent(model, any -> new ArrayList<>())
            .add(regret(shuffled, prior, true, adviser(model, shuffled, past, episode)));
      }
      if (reads || model == Model.NONE) {
        uninformed
            .computeIfAbsent(model, any -> new ArrayList<>())
            .add(
                regret(
                    shuffled, HistoryPrior.none(), false, adviser(model, shuffled, past, episode)));
      }
    }
  }

  private double[] regret(
      List<KnownResult> pool, HistoryPrior prior, boolean history, Episode.Adviser adviser) {
    return new Regret(pool)
        .curve(
            new Episode(pool, prior, history, budget, false, adviser)
                .play().stream().map(Episode.Choice::evaluation).toList(),
            budget);
  }

  private static Episode.Adviser adviser(
      Model model, List<KnownResult> pool, List<PastResult> past, int episode) {
    Map<Arm, Double> truth = ranks(pool);
    return switch (model) {
      case NONE -> Episode.Adviser.NONE;
      case GARBAGE ->
          new IdeaAdviser(ScriptedModel.saying("{\"ideas\": [{\"claim\": 7}, \"\u0000"), past);
      case ALWAYS_THE_SAME -> {
        Arm favourite = pool.get(0).arm();
        yield new IdeaAdviser(ScriptedModel.liking(arm -> arm.equals(favourite) ? 1 : 0), past);
      }
      case ADVERSARIAL -> new IdeaAdviser(ScriptedModel.liking(arm -> -truth.get(arm)), past);
      case INFORMED -> {
        Random random = new Random(episode);
        Map<Arm, Double> belief = new LinkedHashMap<>();
        truth.forEach((arm, rank) -> belief.put(arm, rank + BLUR * random.nextGaussian()));
        yield new IdeaAdviser(ScriptedModel.liking(belief::get), past);
      }
      case READER -> new IdeaAdviser(ScriptedModel.reader(), past);
      case READER_OF_SHUFFLED -> new IdeaAdviser(ScriptedModel.reader(), Replay.shuffled(past));
    };
  }

  /** From 0, the worst of the pool, to 1, the best. */
  private static Map<Arm, Double> ranks(List<KnownResult> pool) {
    Regret regret = new Regret(pool);
    double[] values = pool.stream().mapToDouble(r -> regret.counted(r.value())).sorted().toArray();
    Map<Arm, Double> ranks = new LinkedHashMap<>();
    for (KnownResult result : pool) {
      int place = Arrays.binarySearch(values, regret.counted(result.value()));
      ranks.putIfAbsent(result.arm(), place / Math.max(1.0, values.length - 1));
    }
    return ranks;
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    informed.forEach((model, curves) -> lines.add(line(model, true, curves)));
    uninformed.forEach((model, curves) -> lines.add(line(model, false, curves)));
    return lines;
  }

  private Line line(Model model, boolean history, List<double[]> curves) {
    double[] mean = Regret.mean(curves);
    return new Line(
        model.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        history,
        mean[budget - 1],
        Arrays.stream(mean).average().orElse(0));
  }
}
