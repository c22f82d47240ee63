package dev.dormouse.eval.live;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.eval.replay.TrialSplit;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.Arm;
import dev.dormouse.table.Json;
import dev.dormouse.tick.CampaignLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs one campaign as a user does: creates it from a file, plans it, approves the plan, and ticks
 * until it is done. The trainings are real processes on the local backend.
 */
final class LiveCampaign {
  /** The name that imported history gives the published validation AUC. */
  private static final String METRIC = "auc";

  private static final double MIN_GAIN = 0.0005;
  private static final String SECONDS_BETWEEN_TICKS = "0.05";

  /** Trainings take a tenth of a second; the budget should never end a campaign. */
  private static final String TIMEOUT = "1m";

  private static final int GPU_HOURS = 1000;

  private final SurfaceScript script;
  private final int budget;

  LiveCampaign(SurfaceScript script, int budget) {
    this.script = script;
    this.budget = budget;
  }

  /**
   * What a campaign did, and how long it took.
   *
   * @param lines its trainings, in order
   * @param plan its plan as JSON
   * @param planSeconds time to plan
   * @param tickSeconds time from the first tick to the end
   */
  record Outcome(List<LiveLine> lines, String plan, double planSeconds, double tickSeconds) {}

  /**
   * Runs a campaign.
   *
   * @param directory holds the deployment's lake; gets the campaign file and the run directories
   */
  Outcome run(LiveEpisode episode, Path deployment, Path directory) throws IOException {
    Commands commands = new Commands(deployment);
    Path file = Files.writeString(directory.resolve("campaign.yaml"), campaignFile(episode));
    String id = episode.name();
    commands.run("campaign", "create", file.toString(), "--by", "bench");
    long begin = System.nanoTime();
    String plan = commands.run("plan", id, "--json");
    double planSeconds = secondsSince(begin);
    commands.run("approve", id, "--plan", planHash(plan), "--by", "bench");
    begin = System.nanoTime();
    commands.run("tick", "--until-done", "--every", SECONDS_BETWEEN_TICKS);
    double tickSeconds = secondsSince(begin);
    return new Outcome(
        lines(episode, trained(directory.resolve("lake"), id)), plan, planSeconds, tickSeconds);
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static String planHash(String plan) throws IOException {
    return Json.mapper().readTree(plan).path("planHash").asText();
  }

  /** Returns the campaign file; JSON is YAML as well. */
  String campaignFile(LiveEpisode episode) {
    Surface surface = episode.surface();
    SortedMap<String, Object> file = new TreeMap<>();
    file.put("campaign", episode.name());
    file.put("study", Map.of("dataset", surface.task(), "features", "surface"));
    file.put("objective", Map.of("metric", METRIC, "direction", "maximize", "min_gain", MIN_GAIN));
    file.put("baseline", surface.baselines().get(episode.baseline()));
    file.put(
        "search_space",
        surface.space().stream()
            .collect(Collectors.toMap(Surface.Domain::name, Surface.Domain::inCampaignFile)));
    file.put(
        "training",
        Map.of(
            "backend",
            "local",
            "command",
            script.trainCommand(episode.file(), episode.replicate()),
            "timeout",
            TIMEOUT,
            "gpus",
            0));
    file.put("budget", Map.of("gpu_hours", GPU_HOURS, "llm_usd", 0, "max_parallel", 1));
    file.put("guardrails", Map.of("preflight", List.of()));
    file.put("sources", Map.of("history", true, "research", true, "llm", false));
    SortedMap<String, Integer> trials = new TreeMap<>();
    TrialSplit.of(budget).forEach((phase, count) -> trials.put(phase.id(), count));
    file.put("trials", trials);
    return Json.write(file);
  }

  private static List<Attempt> trained(Path lake, String id) {
    return CampaignLog.read(KernelLake.at(lake))
        .state(id)
        .orElseThrow()
        .attempts()
        .values()
        .stream()
        .filter(attempt -> attempt.outcome().isPresent())
        .toList();
  }

  private List<LiveLine> lines(LiveEpisode episode, List<Attempt> trained) throws IOException {
    List<Arm> arms = trained.stream().map(attempt -> attempt.trial().arm()).toList();
    List<Double> values = script.values(episode.file(), arms);
    List<LiveLine> lines = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      lines.add(LiveLine.of(episode, i + 1, values.get(i), trained.get(i)));
    }
    return lines;
  }
}
