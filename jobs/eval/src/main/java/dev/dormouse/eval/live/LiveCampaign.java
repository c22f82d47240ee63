package dev.dormouse.eval.live;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.eval.replay.TrialSplit;
import dev.dormouse.model.Arm;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs one campaign on a response surface. */
final class LiveCampaign {
  /** The name that imported history gives the published validation AUC. */
  private static final String METRIC = "auc";

  private static final double MIN_GAIN = 0.0005;

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
   * @param directory holds the lake and its deployment; gets the campaign file and the run
   *     directories
   */
  Outcome run(LiveEpisode episode, Path directory) throws IOException {
    CampaignRun run = CampaignRun.of(episode.name(), campaignFile(episode), directory);
    return new Outcome(
        lines(episode, run.trained()), run.plan(), run.planSeconds(), run.tickSeconds());
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
