package dev.dormouse.eval.replay;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.Results;
import dev.dormouse.eval.replay.Regret.Evaluation;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.SparkLake;
import dev.dormouse.learn.LearnSummary;
import dev.dormouse.learn.Learner;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Plan;
import dev.dormouse.plan.Planner;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.Campaigns;
import dev.dormouse.tick.Inbox;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Measures whether a lake that knows nothing learns from campaigns: plays campaigns on all tasks
 * one after another, each planned, approved, ticked and learnt from as users do it, and compares
 * their regret by the number of campaigns that the lake had seen.
 *
 * <p>Each random order of the tasks is played from each of its tasks on, in a lake of its own, so
 * that every task is met after any number of others equally often. A campaign begins with a random
 * arm of its pool as the baseline, so that it knows nothing but what the lake has learnt.
 */
public final class LoopBench {
  private static final String BY = "bench loop";
  private static final int ENOUGH = 5;

  /**
   * The result.
   *
   * @param orders number of random orders, each played from each of its tasks on
   * @param tasks number of tasks
   * @param families number of their data families
   * @param bySeen regret by the number of campaigns that the lake had seen, from none on; compared
   *     with none
   * @param afterEnough regret after five campaigns or more (all but one, if there are fewer tasks),
   *     compared with none
   */
  public record Result(
      int orders,
      int tasks,
      int families,
      List<ComparedRegret> bySeen,
      ComparedRegret afterEnough) {}

  private final SparkSession spark;
  private final ReplayRequest request;
  private final ReplayCampaign campaign;
  private final ReplayTasks tasks;
  private final Clock clock;

  private LoopBench(
      SparkSession spark,
      ReplayRequest request,
      ReplayCampaign campaign,
      ReplayTasks tasks,
      Clock clock) {
    this.spark = spark;
    this.request = request;
    this.campaign = campaign;
    this.tasks = tasks;
    this.clock = clock;
  }

  /** A campaign that was played. */
  private record Played(String task, int seen, List<Double> regret) {}

  /**
   * Runs the benchmark.
   *
   * @param request the tasks and their pools; its history is not used
   * @param orders number of random orders
   * @param directory for the lakes; is empty or does not exist
   * @param progress receives a sentence for each lake
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if an input is missing or lacks what is needed
   */
  public static Result run(
      SparkSession spark,
      ReplayRequest request,
      int orders,
      Path directory,
      Clock clock,
      Consumer<String> progress)
      throws IOException {
    ReplayTasks tasks = ReplayTasks.of(spark, request);
    if (tasks.names().size() < 2) {
      throw new IllegalArgumentException(
          "A lake can learn from one task for another; there is only " + tasks.names());
    }
    return SmallData.with(
        spark,
        () ->
            new LoopBench(
                    spark,
                    request,
                    new ReplayCampaign(ReplayTables.objective(spark, request.tasks()), Set.of()),
                    tasks,
                    clock)
                .run(orders, directory, progress));
  }

  private Result run(int orders, Path directory, Consumer<String> progress) throws IOException {
    List<Played> played = new ArrayList<>();
    for (int order = 0; order < orders; order++) {
      List<String> names = new ArrayList<>(tasks.names());
      Collections.shuffle(names, new Random(order));
      for (int start = 0; start < names.size(); start++) {
        SparkLake lake = SparkLake.at(spark, directory.resolve("lake-" + order + "-" + start));
        lake.createAll();
        List<Played> chain = play(lake, names, order * names.size() + start);
        played.addAll(chain);
        progress.accept(text(chain));
        Collections.rotate(names, 1);
      }
    }
    return result(orders, played);
  }

  private static String text(List<Played> chain) {
    return chain.stream()
        .map(one -> "%s %.2f".formatted(one.task(), one.regret().get(one.regret().size() - 1)))
        .collect(Collectors.joining(", "));
  }

  private List<Played> play(SparkLake lake, List<String> names, int number) throws IOException {
    List<Played> chain = new ArrayList<>();
    for (String task : names) {
      List<List<KnownResult>> pools = tasks.episodes().get(task);
      List<KnownResult> pool = new ArrayList<>(pools.get(number % pools.size()));
      Collections.shuffle(pool, new Random(number));
      List<Evaluation> evaluations = play(lake, spec(task, pool), pool);
      double[] curve = new Regret(pool).curve(evaluations, request.budget());
      chain.add(new Played(task, chain.size(), Arrays.stream(curve).boxed().toList()));
    }
    return chain;
  }

  private CampaignSpec spec(String task, List<KnownResult> pool) {
    Arm baseline = pool.stream().filter(r -> r.value().isPresent()).findFirst().orElseThrow().arm();
    return campaign.spec(
        "loop-" + task.replaceAll("[^a-z0-9._-]", "-"),
        task,
        pool.stream().map(KnownResult::arm).distinct().toList(),
        baseline,
        request.budget());
  }

  /** Plans, approves, ticks to the end, and learns. Returns what was evaluated, in order. */
  private List<Evaluation> play(SparkLake lake, CampaignSpec spec, List<KnownResult> pool)
      throws IOException {
    KernelLake kernel = lake.kernel();
    Campaigns.create(kernel, spec, BY, clock.instant());
    Plan plan = Planner.plan(lake, spec, Optional.empty(), clock.instant(), Optional.empty());
    Campaigns.planned(kernel, spec.campaignId(), plan, clock.instant());
    Inbox.send(
        kernel,
        new InboxMessage.Approve(
            new InboxMessage.Header(
                "approve-" + spec.campaignId(), spec.campaignId(), BY, clock.instant(), "cli", ""),
            plan.hash(),
            OptionalLong.empty()));
    Map<Arm, KnownResult> results =
        pool.stream().collect(Collectors.toMap(KnownResult::arm, r -> r, (a, b) -> a));
    TickServices services =
        TickServices.of(
            kernel, new ReplayBackend(results, LearningCurves.HIDDEN), Optional.empty(), clock);
    CampaignState state;
    do {
      new Ticker(services).tick();
      state = CampaignLog.read(kernel).state(spec.campaignId()).orElseThrow();
    } while (!state.isOver());
    LearnSummary learnt =
        Learner.of(kernel)
            .learn(
                lake, (l, s, old) -> Planner.again(l, s, old, Optional.empty()), clock.instant());
    if (!learnt.failures().isEmpty()) {
      throw new IllegalStateException(String.join("; ", learnt.failures()));
    }
    return state.attempts().values().stream()
        .map(attempt -> new Evaluation(Results.value(spec, attempt), 1))
        .toList();
  }

  private Result result(int orders, List<Played> played) {
    SortedMap<String, List<Double>> none = ofTasks(played, seen -> seen == 0);
    int enough = Math.min(ENOUGH, tasks.names().size() - 1);
    List<ComparedRegret> bySeen = new ArrayList<>();
    bySeen.add(ComparedRegret.reference("0", none));
    for (int seen = 1; seen < tasks.names().size(); seen++) {
      int number = seen;
      bySeen.add(compared(Integer.toString(seen), ofTasks(played, s -> s == number), none));
    }
    return new Result(
        orders,
        tasks.names().size(),
        (int) tasks.names().stream().map(tasks::family).distinct().count(),
        bySeen,
        compared(enough + " and more", ofTasks(played, seen -> seen >= enough), none));
  }

  /** Returns the mean regret of each task in the campaigns before which so many were seen. */
  private static SortedMap<String, List<Double>> ofTasks(List<Played> played, IntPredicate seen) {
    SortedMap<String, List<double[]>> curves = new TreeMap<>();
    played.stream()
        .filter(one -> seen.test(one.seen()))
        .forEach(
            one ->
                curves
                    .computeIfAbsent(one.task(), t -> new ArrayList<>())
                    .add(one.regret().stream().mapToDouble(Double::doubleValue).toArray()));
    SortedMap<String, List<Double>> means = new TreeMap<>();
    curves.forEach(
        (task, ofTask) -> means.put(task, Arrays.stream(Regret.mean(ofTask)).boxed().toList()));
    return means;
  }

  private ComparedRegret compared(
      String name, SortedMap<String, List<Double>> regrets, SortedMap<String, List<Double>> none) {
    return ComparedRegret.of(name, regrets, none, tasks::family);
  }
}
