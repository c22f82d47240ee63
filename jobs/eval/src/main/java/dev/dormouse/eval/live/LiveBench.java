package dev.dormouse.eval.live;

import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** Compares real campaigns with other optimizers on response surfaces. */
public final class LiveBench {
  /** The name of our method. */
  public static final String OURS = "dormouse";

  private final SparkSession spark;
  private final LiveRequest request;
  private final SurfaceScript script;
  private final Path scratch;
  private final Consumer<String> progress;

  /**
   * Prepares a benchmark.
   *
   * @param scratch an empty directory for lakes and run directories
   * @param progress receives one line per search
   */
  public LiveBench(
      SparkSession spark,
      LiveRequest request,
      SurfaceScript script,
      Path scratch,
      Consumer<String> progress) {
    this.spark = spark;
    this.request = request;
    this.script = script;
    this.scratch = scratch;
    this.progress = progress;
  }

  /**
   * The result.
   *
   * @param tasks number of surfaces
   * @param families number of their data families
   * @param searches number of searches by each method
   * @param planSeconds mean time to plan a campaign; 0 without campaigns
   * @param tickSeconds mean time from a campaign's first tick to its end; 0 without campaigns
   * @param methods regret of each method
   */
  public record Result(
      int tasks,
      int families,
      int searches,
      double planSeconds,
      double tickSeconds,
      List<ComparedRegret> methods) {}

  /**
   * Searches and scores by all methods.
   *
   * @throws IOException if a file cannot be read or written, or a search fails
   */
  public Result run() throws IOException {
    Map<Path, Surface> surfaces = surfaces();
    List<LiveEpisode> episodes = episodes(surfaces);
    Files.createDirectories(request.out());
    Map<String, List<List<LiveLine>>> searched = new LinkedHashMap<>();
    double[] seconds = new double[2];
    for (String method : request.methods()) {
      if (method.equals(OURS)) {
        LiveCampaigns campaigns =
            new LiveCampaigns(
                new FamilyLakes(
                    spark, request.history(), request.lakes().orElse(scratch.resolve("lakes"))),
                script,
                request,
                scratch.resolve("campaigns"),
                progress);
        List<LiveCampaign.Outcome> outcomes = campaigns.run(episodes);
        searched.put(method, outcomes.stream().map(LiveCampaign.Outcome::lines).toList());
        seconds[0] = mean(outcomes.stream().map(LiveCampaign.Outcome::planSeconds).toList());
        seconds[1] = mean(outcomes.stream().map(LiveCampaign.Outcome::tickSeconds).toList());
      } else {
        searched.put(method, played(method, episodes));
      }
      write(method, searched.get(method));
    }
    Map<String, String> families =
        surfaces.values().stream().collect(Collectors.toMap(Surface::task, Surface::family));
    return new Result(
        surfaces.size(),
        (int) families.values().stream().distinct().count(),
        episodes.size(),
        seconds[0],
        seconds[1],
        compared(episodes, searched, families));
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private Map<Path, Surface> surfaces() throws IOException {
    Path directory = request.surfaces().orElse(request.out().resolve("surfaces"));
    if (request.surfaces().isEmpty()) {
      progress.accept("Fitting surfaces ...");
      script.fit(request.tasks(), request.history(), request.task(), directory);
    }
    SortedMap<Path, Surface> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        Surface surface = Surface.read(file);
        if (request.task().isEmpty() || request.task().get().equals(surface.task())) {
          found.put(file, surface);
        }
      }
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no surface"
              + request.task().map(task -> " of " + task).orElse("")
              + " in "
              + directory);
    }
    return found;
  }

  private List<LiveEpisode> episodes(Map<Path, Surface> surfaces) {
    List<LiveEpisode> episodes = new ArrayList<>();
    surfaces.forEach(
        (file, surface) -> {
          for (int baseline = 0; baseline < surface.baselines().size(); baseline++) {
            for (int replicate = 0; replicate < request.replicates(); replicate++) {
              episodes.add(new LiveEpisode(surface, file, baseline, replicate));
            }
          }
        });
    return episodes;
  }

  private List<List<LiveLine>> played(String method, List<LiveEpisode> episodes)
      throws IOException {
    PlayedBefore before = new PlayedBefore(script, request.out().resolve("played"));
    List<List<LiveLine>> searched = new ArrayList<>();
    progress.accept("Playing " + method + " ...");
    for (LiveEpisode episode : episodes) {
      searched.add(
          before.lines(method, episode, request.budget()).stream()
              .map(line -> LiveLine.of(episode, line))
              .toList());
    }
    return searched;
  }

  private void write(String method, List<List<LiveLine>> searches) throws IOException {
    List<String> lines = searches.stream().flatMap(List::stream).map(Json::write).toList();
    Files.write(request.out().resolve(method + ".jsonl"), lines);
  }

  private List<ComparedRegret> compared(
      List<LiveEpisode> episodes,
      Map<String, List<List<LiveLine>>> searched,
      Map<String, String> families) {
    Map<String, SortedMap<String, List<Double>>> ofMethods = new LinkedHashMap<>();
    searched.forEach(
        (method, searches) -> ofMethods.put(method, regret(episodes, searches, request.budget())));
    String reference = request.methods().get(0);
    return ofMethods.entrySet().stream()
        .map(
            method ->
                method.getKey().equals(reference)
                    ? ComparedRegret.reference(reference, method.getValue())
                    : ComparedRegret.of(
                        method.getKey(),
                        method.getValue(),
                        ofMethods.get(reference),
                        families::get))
        .toList();
  }

  /** Returns the mean regret of each task after each training, over baselines and replicates. */
  private static SortedMap<String, List<Double>> regret(
      List<LiveEpisode> episodes, List<List<LiveLine>> searches, int budget) {
    SortedMap<String, List<List<Double>>> curves = new TreeMap<>();
    for (int i = 0; i < episodes.size(); i++) {
      LiveEpisode episode = episodes.get(i);
      List<Double> values = searches.get(i).stream().map(LiveLine::value).toList();
      if (values.isEmpty()) {
        throw new IllegalStateException("Nothing was trained in " + episode.name());
      }
      curves
          .computeIfAbsent(episode.surface().task(), task -> new ArrayList<>())
          .add(
              new SurfaceRegret(episode.surface().best().value(), values.get(0))
                  .curve(values, budget));
    }
    SortedMap<String, List<Double>> means = new TreeMap<>();
    curves.forEach((task, ofTask) -> means.put(task, SurfaceRegret.mean(ofTask)));
    return means;
  }

  /** Formats the progress of a campaign. */
  static String line(LiveEpisode episode, LiveCampaign.Outcome outcome, int budget) {
    List<Double> values = outcome.lines().stream().map(LiveLine::value).toList();
    List<Double> curve =
        new SurfaceRegret(episode.surface().best().value(), values.get(0)).curve(values, budget);
    String regrets =
        Stream.of(5, 10, 20)
            .filter(n -> n <= budget)
            .map(n -> String.format(Locale.ROOT, "%.2f", curve.get(n - 1)))
            .collect(Collectors.joining("/"));
    return String.format(
        Locale.ROOT,
        "%s: regret %s in %d trainings; plan %.1f s, ticks %.1f s",
        episode.name(),
        regrets,
        values.size(),
        outcome.planSeconds(),
        outcome.tickSeconds());
  }
}
