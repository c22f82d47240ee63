package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.model.Plan;
import dev.dormouse.tick.Campaigns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Runs the short commands once in a temporary lake, so that the launcher {@code ./dormouse} can
 * archive the classes that they load.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  /** Makes enough commits for a checkpoint of the log, whose Parquet takes a thousand classes. */
  private static final int CAMPAIGNS = 60;

  private static final String CAMPAIGN =
      """
      campaign: warm-up-%d
      study: {dataset: clicks, features: v1}
      objective: {metric: score, direction: maximize, min_gain: 0.0005}
      baseline: {learning_rate: 0.001}
      search_space:
        learning_rate: {type: float, range: [1.0e-4, 1.0e-1], log: true}
      training: {backend: local, command: "true {config_file}", timeout: 1m, gpus: 0}
      budget: {gpu_hours: 1.0, llm_usd: 0, max_parallel: 1}
      sources: {history: true, research: true, llm: false}
      """;

  private static final String APPROVED = "warm-up-0";

  private static final Duration LONGEST_TRAINING = Duration.ofSeconds(20);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ScratchDirectory scratch = ScratchDirectory.create()) {
      // Names no service, so that none of the user's is called.
      Path deployment = scratch.path().resolve("deployment.properties");
      Files.writeString(deployment, "lake=lake\nwork.dir=work\n");
      for (int i = 0; i < CAMPAIGNS; i++) {
        Path campaign =
            Files.writeString(scratch.path().resolve("campaign.yaml"), CAMPAIGN.formatted(i));
        run(deployment, "campaign", "create", campaign.toString());
      }
      run(deployment, "campaign", "list");
      run(deployment, "insights");
      Plan plan = plan();
      Campaigns.planned(
          KernelLake.at(scratch.path().resolve("lake")), APPROVED, plan, Instant.now());
      run(deployment, "approve", APPROVED, "--plan", plan.hash(), "--by", "warm-up");
      run(deployment, "tick");
      // The training that it launched is to be the only one, and to end before its files go.
      run(deployment, "campaign", "pause", APPROVED);
      run(deployment, "tick");
      run(deployment, "campaign", "show", APPROVED);
      awaitTraining(scratch.path().resolve("work"));
      return run(deployment, "tick");
    }
  }

  private static Plan plan() {
    Plan.CostEstimate cost = new Plan.CostEstimate(1, 1, 1, "warm-up");
    return new Plan(APPROVED, List.of(), List.of(), cost, 1_000_000, List.of(), List.of());
  }

  private static void awaitTraining(Path work) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(LONGEST_TRAINING);
    while (!hasExitCode(work) && Instant.now().isBefore(deadline)) {
      Thread.sleep(POLL_INTERVAL.toMillis());
    }
  }

  private static boolean hasExitCode(Path work) throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      return files.anyMatch(file -> file.endsWith("exit"));
    }
  }

  private int run(Path deployment, String... command) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--deployment", deployment.toString()));
    return spec.root().commandLine().execute(arguments.toArray(String[]::new));
  }
}
