package dev.dormouse.eval.replay;

import dev.dormouse.eval.replay.Episode.Choice;
import dev.dormouse.eval.replay.ReplayRequest.HistoryUse;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Source;
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
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Replays the planner against tables of known results. Before an evaluation the planner sees only
 * an arm's model variant and parameters, and no past run of the task's own family.
 */
public final class Replay {
  private final ReplayRequest request;
  private final List<PastRun> history;
  private final Map<String, List<KnownResult>> tasks;
  private final Pools pools;
  private final List<double[]> regrets = new ArrayList<>();
  private final List<double[]> randomRegrets = new ArrayList<>();
  private int evaluations;

  private Replay(
      ReplayRequest request, List<KnownResult> results, List<PastRun> history, Pools pools) {
    this.request = request;
    this.history = history;
    this.pools = pools;
    this.tasks =
        results.stream()
            .collect(Collectors.groupingBy(KnownResult::taskId, TreeMap::new, Collectors.toList()));
  }

  /**
   * Replays all episodes and writes one JSON line for each evaluation.
   *
   * @throws IllegalArgumentException if an input is missing or lacks what is needed
   * @throws IOException if a file cannot be read or written
   */
  public static ReplaySummary run(SparkSession spark, ReplayRequest request) throws IOException {
    List<KnownResult> results = ReplayTables.results(spark, request.tasks());
    List<PastRun> history = new ArrayList<>();
    if (request.historyUse() != HistoryUse.NONE) {
      history.addAll(ReplayTables.history(spark, request.history()));
      history.addAll(ReplayTables.historyIn(spark, request.tasks()));
    }
    return new Replay(request, results, history, Pools.of(request)).writeAll();
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
    List<PastResult> visible = visible(task);
    if (request.alias()) {
      Aliases models = models(results, visible);
      Aliases studies = new Aliases("study", visible.stream().map(PastResult::study).toList());
      results = results.stream().map(result -> result.as(models.of(result.arm()))).toList();
      visible =
          visible.stream()
              .map(r -> new PastResult(studies.of(r.study()), models.of(r.arm()), r.value()))
              .toList();
    }
    HistoryPrior prior =
        HistoryPrior.learn(visible, results.stream().map(KnownResult::arm).toList());
    List<List<KnownResult>> episodes = pools.episodes(task, results);
    for (int episode = 0; episode < episodes.size(); episode++) {
      replay(task, episode, episodes.get(episode), prior, out);
    }
  }

  private static Aliases models(List<KnownResult> results, List<PastResult> visible) {
    return new Aliases(
        "model",
        Stream.concat(
                results.stream().map(r -> r.arm().modelVariant()),
                visible.stream().map(r -> r.arm().modelVariant()))
            .toList());
  }

  private void replay(
      String task, int episode, List<KnownResult> pool, HistoryPrior prior, BufferedWriter out)
      throws IOException {
    Regret regret = new Regret(pool);
    List<KnownResult> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, new Random(episode));
    Source source = history.isEmpty() ? Source.SURROGATE : Source.HISTORY;
    List<Choice> choices =
        new Episode(shuffled, prior, source, request.budget(), request.curves()).play();
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
    return new ReplayLine(
        choice.result().configId(),
        Optional.of(choice.evaluation().cost()),
        episode,
        choice.trial().phase().id(),
        choice.trial().predictedGain(),
        choice.trial().source().orElseThrow().id(),
        step,
        task,
        regret.valueOrWorst(choice.evaluation().value()));
  }

  /** Returns the past results without those of the task's own families. */
  private List<PastResult> visible(String task) {
    Set<String> own =
        history.stream()
            .filter(run -> run.taskId().equals(task))
            .map(PastRun::family)
            .collect(Collectors.toSet());
    List<PastResult> visible =
        history.stream().filter(run -> !own.contains(run.family())).map(PastRun::result).toList();
    return request.historyUse() == HistoryUse.SHUFFLED ? shuffled(visible) : visible;
  }

  /** Returns the runs with the results of each study permuted at random. */
  static List<PastResult> shuffled(List<PastResult> runs) {
    Map<String, List<PastResult>> byStudy =
        runs.stream()
            .collect(Collectors.groupingBy(PastResult::study, TreeMap::new, Collectors.toList()));
    Random random = new Random(0);
    List<PastResult> permuted = new ArrayList<>();
    for (List<PastResult> study : byStudy.values()) {
      List<OptionalDouble> values = new ArrayList<>(study.stream().map(PastResult::value).toList());
      Collections.shuffle(values, random);
      for (int i = 0; i < study.size(); i++) {
        PastResult run = study.get(i);
        permuted.add(new PastResult(run.study(), run.arm(), values.get(i)));
      }
    }
    return permuted;
  }
}
