package dev.dormouse.eval.replay;

import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.cli.ScratchDirectory;
import dev.dormouse.eval.replay.Episode.Choice;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import dev.dormouse.plan.PlanningInputs;
import dev.dormouse.table.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Replays planner and campaigns, unchanged, against tables of known results. For each task, past
 * runs of other data families are imported into a lake and mined. For each episode, a campaign on
 * the listed arms of its pool is planned from that lake, approved and decided tick by tick. Before
 * an evaluation nothing is seen of an arm but its model variant and parameters.
 *
 * <p>What Spark reads from a lake is read once, and so is learnt what past studies tell of all arms
 * of a task; both depend on no result of the task.
 */
public final class Replay {
  private final ReplayRequest request;
  private final ReplayCampaign campaign;
  private final Map<String, List<KnownResult>> tasks;
  private final Map<String, Set<String>> families;
  private final ReplayLakes lakes;
  private final Pools pools;
  private final List<double[]> regrets = new ArrayList<>();
  private final List<double[]> randomRegrets = new ArrayList<>();
  private int evaluations;

  private Replay(
      ReplayRequest request,
      ReplayCampaign campaign,
      Map<String, List<KnownResult>> tasks,
      Map<String, Set<String>> families,
      ReplayLakes lakes,
      Pools pools) {
    this.request = request;
    this.campaign = campaign;
    this.tasks = tasks;
    this.families = families;
    this.lakes = lakes;
    this.pools = pools;
  }

  /**
   * Replays all episodes and writes one JSON line for each evaluation.
   *
   * @throws IllegalArgumentException if an input is missing or lacks what is needed
   * @throws IOException if a file cannot be read or written
   */
  public static ReplaySummary run(SparkSession spark, ReplayRequest request) throws IOException {
    List<KnownResult> results = ReplayTables.results(spark, request.tasks());
    List<Dataset<Row>> history = ReplayTables.history(spark, request.tasks(), request.history());
    Renaming renaming = request.alias() ? Renaming.meaningless(results, history) : Renaming.NONE;
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      return new Replay(
              request,
              new ReplayCampaign(ReplayTables.objective(spark, request.tasks()), request.without()),
              results.stream()
                  .map(renaming::of)
                  .collect(
                      Collectors.groupingBy(
                          KnownResult::taskId, TreeMap::new, Collectors.toList())),
              ReplayTables.families(history),
              new ReplayLakes(spark, request, history, renaming, scratch.path()),
              Pools.of(request))
          .writeAll();
    }
  }

  private ReplaySummary writeAll() throws IOException {
    List<String> selected =
        request.task().map(List::of).orElseGet(() -> List.copyOf(tasks.keySet()));
    try (BufferedWriter out = Files.newBufferedWriter(request.out())) {
      for (String task : selected) {
        if (!tasks.containsKey(task)) {
          throw new IllegalArgumentException(
              "Cannot replay task "
                  + task
                  + ": "
                  + request.tasks()
                  + " has only "
                  + tasks.keySet());
        }
        replay(task, out);
      }
    }
    return new ReplaySummary(
        selected.size(),
        regrets.size(),
        evaluations,
        Arrays.stream(Regret.mean(regrets)).boxed().toList(),
        Arrays.stream(Regret.mean(randomRegrets)).boxed().toList());
  }

  private void replay(String task, BufferedWriter out) throws IOException {
    List<KnownResult> results = tasks.get(task);
    List<Arm> arms = results.stream().map(KnownResult::arm).distinct().toList();
    PlanningInputs inputs =
        lakes.without(
            families.getOrDefault(task, Set.of()),
            campaign.spec(arms, arms.get(0), request.budget()));
    HistoryPrior prior = inputs.context().prior(arms);
    Episode.Knowledge knowledge = new Episode.Knowledge(inputs, prior, Optional.empty());
    List<List<KnownResult>> episodes = pools.episodes(task, results);
    for (int episode = 0; episode < episodes.size(); episode++) {
      replay(task, episode, episodes.get(episode), knowledge, out);
    }
  }

  private void replay(
      String task,
      int episode,
      List<KnownResult> pool,
      Episode.Knowledge knowledge,
      BufferedWriter out)
      throws IOException {
    Regret regret = new Regret(pool);
    List<KnownResult> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(episode));
    List<Choice> choices =
        new Episode(shuffled, campaign, knowledge, request.budget(), request.curves()).play();
    int step = 1;
    for (Choice choice : choices) {
      out.write(Json.write(line(task, episode, step++, choice, regret)));
      out.newLine();
    }
    evaluations += choices.size();
    regrets.add(regret.curve(choices.stream().map(Choice::evaluation).toList(), request.budget()));
    Collections.shuffle(shuffled, new Random(~episode));
    randomRegrets.add(regret.ofOrder(shuffled, request.budget()));
  }

  private static ReplayLine line(String task, int episode, int step, Choice choice, Regret regret) {
    TrialSpec trial = choice.trial();
    boolean baseline = trial.phase() == Phase.BASELINE;
    return new ReplayLine(
        choice.result().configId(),
        Optional.of(choice.evaluation().cost()),
        episode,
        trial.phase().id(),
        baseline ? Optional.of(0.0) : trial.predictedGain(),
        trial.source().map(Source::id).orElse(trial.phase().id()),
        step,
        task,
        regret.valueOrWorst(choice.evaluation().value()));
  }
}
