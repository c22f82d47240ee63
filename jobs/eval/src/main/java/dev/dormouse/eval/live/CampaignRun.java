package dev.dormouse.eval.live;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.io.KernelLake;
import dev.dormouse.table.Json;
import dev.dormouse.tick.CampaignLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One campaign as a user runs it: created from a file, planned, approved, ticked until it is done.
 * The trainings are real processes on the local backend.
 *
 * @param state the campaign at its end
 * @param plan its plan as JSON
 * @param planSeconds time to plan
 * @param tickSeconds time from the first tick to the end
 */
public record CampaignRun(
    CampaignState state, String plan, double planSeconds, double tickSeconds) {
  private static final String SECONDS_BETWEEN_TICKS = "0.05";

  /**
   * Runs a campaign.
   *
   * @param id its name
   * @param campaignFile text of the campaign file
   * @param directory holds {@code lake} and the deployment's {@code dormouse.properties}; gets the
   *     campaign file and the run directories
   */
  public static CampaignRun of(String id, String campaignFile, Path directory) throws IOException {
    Commands commands = new Commands(directory.resolve(FamilyLakes.DEPLOYMENT));
    Path file = Files.writeString(directory.resolve("campaign.yaml"), campaignFile);
    commands.run("campaign", "create", file.toString(), "--by", "bench");
    long begin = System.nanoTime();
    String plan = commands.run("plan", id, "--json");
    double planSeconds = secondsSince(begin);
    String hash = Json.mapper().readTree(plan).path("planHash").asText();
    commands.run("approve", id, "--plan", hash, "--by", "bench");
    begin = System.nanoTime();
    commands.run("tick", "--until-done", "--every", SECONDS_BETWEEN_TICKS);
    double tickSeconds = secondsSince(begin);
    CampaignState state =
        CampaignLog.read(KernelLake.at(directory.resolve("lake"))).state(id).orElseThrow();
    return new CampaignRun(state, plan, planSeconds, tickSeconds);
  }

  /** Returns the attempts that have an outcome, in order. */
  public List<Attempt> trained() {
    return state.attempts().values().stream()
        .filter(attempt -> attempt.outcome().isPresent())
        .toList();
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
