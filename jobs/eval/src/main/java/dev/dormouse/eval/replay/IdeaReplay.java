package dev.dormouse.eval.replay;

import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.replay.ReplayRequest.HistoryUse;
import dev.dormouse.eval.replay.ReplayRequest.Part;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.llm.LlmBatches;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.plan.PlanningInputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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

  /**
   * What a planner and the prompts of models know.
   *
   * @param objective what the results measure
   * @param inputs read from a lake
   * @param shuffled the same with outcomes at random
   * @param prior learnt from the inputs
   */
  record Past(
      Objective objective, PlanningInputs inputs, PlanningInputs shuffled, HistoryPrior prior) {}

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
   * @throws IOException if the file of pools cannot be read, or a lake not be made
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
    List<Dataset<Row>> history = ReplayTables.history(spark, request.tasks(), request.history());
    Map<String, Set<String>> families = ReplayTables.families(history);
    Objective objective = ReplayTables.objective(spark, request.tasks());
    Pools pools = Pools.of(request);
    IdeaReplay replay = new IdeaReplay(request.budget());
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      ReplayLakes lakes = lakes(spark, request, history, HistoryUse.AS_RECORDED, scratch.path());
      ReplayLakes shuffled = lakes(spark, request, history, HistoryUse.SHUFFLED, scratch.path());
      for (Map.Entry<String, List<KnownResult>> task : tasks.entrySet()) {
        progress.accept("Playing " + task.getKey() + " ...");
        Set<String> hidden = families.getOrDefault(task.getKey(), Set.of(task.getKey()));
        List<Arm> arms = task.getValue().stream().map(KnownResult::arm).distinct().toList();
        CampaignSpec any =
            new ReplayCampaign(objective, Set.of()).spec(arms, arms.get(0), request.budget());
        PlanningInputs inputs = lakes.without(hidden, any);
        Past past =
            new Past(
                objective, inputs, shuffled.without(hidden, any), inputs.context().prior(arms));
        int episode = 0;
        for (List<KnownResult> pool : pools.episodes(task.getKey(), task.getValue())) {
          replay.play(hidden.iterator().next(), pool, past, episode++);
        }
      }
    }
    return replay.result();
  }

  private static ReplayLakes lakes(
      SparkSession spark,
      ReplayRequest request,
      List<Dataset<Row>> history,
      HistoryUse use,
      Path directory) {
    return new ReplayLakes(
        spark,
        ReplayRequestBuilder.builder(request).historyUse(use).build(),
        history,
        Renaming.NONE,
        directory.resolve(use.name()));
  }

  /**
   * Plays one pool with every model, with and without history for the planner.
   *
   * @param family data family of the pool's task
   */
  void play(String family, List<KnownResult> pool, Past past, int episode) {
    String task = pool.get(0).taskId();
    families.put(task, family);
    List<KnownResult> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(episode));
    for (Model model : Model.values()) {
      boolean reads = model == Model.READER || model == Model.READER_OF_SHUFFLED;
      PlanningInputs told = model == Model.READER_OF_SHUFFLED ? past.shuffled() : past.inputs();
      Optional<LlmBatches> asked = scripted(model, shuffled, episode);
      if (!reads) {
        of(withHistory, model, task)
            .add(
                regret(
                    shuffled,
                    new ReplayCampaign(past.objective(), Set.of()),
                    new Episode.Knowledge(told, past.prior(), asked)));
      }
      if (reads || model == Model.NONE) {
        of(withoutHistory, model, task)
            .add(
                regret(
                    shuffled,
                    new ReplayCampaign(past.objective(), Set.of(Part.HISTORY)),
                    new Episode.Knowledge(told, HistoryPrior.none(), asked)));
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
      List<KnownResult> pool, ReplayCampaign campaign, Episode.Knowledge knowledge) {
    return new Regret(pool)
        .curve(
            new Episode(pool, campaign, knowledge, budget, LearningCurves.HIDDEN)
                .play().stream().map(Episode.Choice::evaluation).toList(),
            budget);
  }

  private static Optional<LlmBatches> scripted(Model model, List<KnownResult> pool, int episode) {
    Map<Arm, Double> truth = ranks(pool);
    return switch (model) {
      case NONE -> Optional.empty();
      case GARBAGE -> Optional.of(ScriptedModel.answering("{\"ideas\": [{\"claim\": 7}, \"\u0000"));
      case ALWAYS_THE_SAME -> {
        Arm favourite = pool.get(0).arm();
        yield Optional.of(ScriptedModel.preferring(arm -> arm.equals(favourite) ? 1 : 0));
      }
      case ADVERSARIAL -> Optional.of(ScriptedModel.preferring(arm -> -truth.get(arm)));
      case INFORMED -> {
        Random random = new Random(episode);
        Map<Arm, Double> belief = new LinkedHashMap<>();
        truth.forEach((arm, rank) -> belief.put(arm, rank + BLUR * random.nextGaussian()));
        yield Optional.of(ScriptedModel.preferring(belief::get));
      }
      case READER, READER_OF_SHUFFLED -> Optional.of(ScriptedModel.reader());
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
