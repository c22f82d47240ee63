package dev.dormouse.eval.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Runs campaigns, some at the same time, each in a lake of its own. */
final class LiveCampaigns {
  private final FamilyLakes lakes;
  private final SurfaceScript script;
  private final LiveRequest request;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Prepares campaigns.
   *
   * @param lakes what each begins with
   * @param directory an empty directory for their lakes
   * @param progress receives one line per campaign
   */
  LiveCampaigns(
      FamilyLakes lakes,
      SurfaceScript script,
      LiveRequest request,
      Path directory,
      Consumer<String> progress) {
    this.lakes = lakes;
    this.script = script;
    this.request = request;
    this.directory = directory;
    this.progress = progress;
  }

  /** Runs a campaign for each episode, and returns what they did, in the same order. */
  List<LiveCampaign.Outcome> run(List<LiveEpisode> episodes) throws IOException {
    for (String family : episodes.stream().map(e -> e.surface().family()).distinct().toList()) {
      progress.accept("Importing and mining the history without " + family + " ...");
      lakes.make(List.of(family));
    }
    return InParallel.all(
        episodes.stream()
            .<Callable<LiveCampaign.Outcome>>map(episode -> () -> run(episode))
            .toList(),
        request.parallel());
  }

  private LiveCampaign.Outcome run(LiveEpisode episode) throws IOException {
    Path home = directory.resolve(episode.name());
    lakes.copy(List.of(episode.surface().family()), home);
    LiveCampaign.Outcome outcome = new LiveCampaign(script, request.budget()).run(episode, home);
    Path plans = Files.createDirectories(request.out().resolve("plans"));
    Files.writeString(plans.resolve(episode.name() + ".json"), outcome.plan());
    progress.accept(LiveBench.line(episode, outcome, request.budget()));
    return outcome;
  }
}
