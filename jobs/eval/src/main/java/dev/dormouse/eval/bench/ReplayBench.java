package dev.dormouse.eval.bench;

import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.eval.replay.LearningCurves;
import dev.dormouse.eval.replay.Replay;
import dev.dormouse.eval.replay.ReplayRequest;
import dev.dormouse.eval.replay.ReplayRequest.HistoryUse;
import dev.dormouse.eval.replay.ReplayRequest.Part;
import dev.dormouse.eval.replay.ReplayRequestBuilder;
import dev.dormouse.eval.replay.ReplayScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
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
   * @param parts each is left out once, to see its worth
   * @throws IOException if a file cannot be read or written, or a peer fails
   */
  public Result run(Optional<Peers> peers, Collection<Part> parts) throws IOException {
    ReplayScores scores = ReplayScores.of(spark, request);
    Map<String, SortedMap<String, List<Double>>> ofMethods = new LinkedHashMap<>();
    ReplayRequestBuilder plain =
        ReplayRequestBuilder.builder(request)
            .historyUse(HistoryUse.AS_RECORDED)
            .curves(LearningCurves.HIDDEN)
            .without(Set.of());
    ofMethods.put(OURS, ours(scores, OURS, plain));
    if (scores.haveCurves()) {
      ofMethods.put(
          "  stopping runs early",
          ours(scores, "curves", copy(plain).curves(LearningCurves.SHOWN)));
    }
    ofMethods.put(
        "  history shuffled",
        ours(scores, "shuffled-history", copy(plain).historyUse(HistoryUse.SHUFFLED)));
    ofMethods.put(
        "  no past runs", ours(scores, "no-history", copy(plain).historyUse(HistoryUse.NONE)));
    for (Part part : new TreeSet<>(parts)) {
      String name = part.name().toLowerCase(Locale.ROOT);
      ofMethods.put(
          "  without " + name, ours(scores, "without-" + name, copy(plain).without(Set.of(part))));
    }
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

  private static ReplayRequestBuilder copy(ReplayRequestBuilder request) {
    return ReplayRequestBuilder.builder(request.build());
  }

  private SortedMap<String, List<Double>> ours(
      ReplayScores scores, String name, ReplayRequestBuilder variant) throws IOException {
    progress.accept("Playing " + name + " ...");
    Path out = file(name);
    Replay.run(spark, copy(variant).out(out).alias(false).build());
    return scores.ofFile(out);
  }

  private Path file(String method) {
    return directory.resolve(method + ".jsonl");
  }
}
