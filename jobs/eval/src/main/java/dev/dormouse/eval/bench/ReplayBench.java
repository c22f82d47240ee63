package dev.dormouse.eval.bench;

import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.eval.replay.LearningCurves;
import dev.dormouse.eval.replay.Replay;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.eval.replay.ReplayRequest.HistoryUse;
import dev.dormouse.eval.replay.ReplayRequestBuilder;
import dev.dormouse.eval.replay.ReplayScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/** Compares the planner with other optimizers on the same pools by normalised regret. */
public final class ReplayBench {
  private static final String OURS = "dormouse";

  private final SparkSession spark;
  private final ReplayRequest request;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Prepares a benchmark.
   *
   * @param request the episodes; its output path is ignored
   * @param directory for the results of each method
   * @param progress receives one line per step
   */
  public ReplayBench(
      SparkSession spark, ReplayRequest request, Path directory, Consumer<String> progress) {
    this.spark = spark;
    this.request = request;
    this.directory = directory;
    this.progress = progress;
  }

  /**
   * The result.
   *
   * @param tasks number of tasks
   * @param families number of data families
   * @param methods regret of each method, ours first
   */
  public record Result(int tasks, int families, List<ComparedRegret> methods) {}

  /**
   * Replays and scores all methods.
   *
   * @param peers other optimizers, if they take part
   * @throws IOException if a file cannot be read or written, or a peer fails
   */
  public Result run(Optional<Peers> peers) throws IOException {
    ReplayScores scores = ReplayScores.of(spark, request);
    Map<String, SortedMap<String, List<Double>>> ofMethods = new LinkedHashMap<>();
    ofMethods.put(OURS, ours(scores, OURS, HistoryUse.AS_RECORDED, LearningCurves.HIDDEN));
    if (scores.haveCurves()) {
      ofMethods.put(
          "  stopping runs early",
          ours(scores, "curves", HistoryUse.AS_RECORDED, LearningCurves.SHOWN));
    }
    ofMethods.put(
        "  history shuffled",
        ours(scores, "shuffled-history", HistoryUse.SHUFFLED, LearningCurves.HIDDEN));
    ofMethods.put(
        "  without history", ours(scores, "no-history", HistoryUse.NONE, LearningCurves.HIDDEN));
    ofMethods.put("random", scores.ofRandomOrders());
    if (peers.isPresent()) {
      Path pools = directory.resolve("pools.json");
      scores.writePools(pools);
      for (String method : Peers.methods(!request.history().isEmpty())) {
        progress.accept("Playing " + method + " ...");
        Path out = file(method);
        peers.get().play(method, request, pools, out);
        ofMethods.put(method, scores.ofFile(out));
      }
    }
    List<ComparedRegret> methods =
        ofMethods.entrySet().stream()
            .map(
                method ->
                    method.getKey().equals(OURS)
                        ? ComparedRegret.reference(OURS, method.getValue())
                        : ComparedRegret.of(
                            method.getKey(),
                            method.getValue(),
                            ofMethods.get(OURS),
                            scores::family))
            .toList();
    long families = scores.tasks().stream().map(scores::family).distinct().count();
    return new Result(scores.tasks().size(), (int) families, methods);
  }

  private SortedMap<String, List<Double>> ours(
      ReplayScores scores, String name, HistoryUse historyUse, LearningCurves curves)
      throws IOException {
    progress.accept("Playing " + name + " ...");
    Path out = file(name);
    Replay.run(
        spark,
        ReplayRequestBuilder.builder(request)
            .out(out)
            .historyUse(historyUse)
            .curves(curves)
            .alias(false)
            .build());
    return scores.ofFile(out);
  }

  private Path file(String method) {
    return directory.resolve(method + ".jsonl");
  }
}
