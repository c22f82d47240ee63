package dev.dormouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Loads the classes of the short commands once, so that the launcher can archive them; see {@code
 * ./dormouse}.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  /** Enough commits for a checkpoint of the log, whose Parquet takes a thousand classes to read. */
  private static final int CAMPAIGNS = 60;

  private static final String CAMPAIGN =
      """
      campaign: warm-up-%d
      study: {dataset: clicks, features: v1}
      objective: {metric: score, direction: maximize, min_gain: 0.0005}
      baseline: {learning_rate: 0.001}
      search_space:
        learning_rate: {type: float, range: [1.0e-4, 1.0e-1], log: true}
      training: {backend: local, command: "true", timeout: 1m, gpus: 0}
      budget: {gpu_hours: 1.0, llm_usd: 0, max_parallel: 1}
      sources: {history: true, research: true, llm: false}
      """;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (ScratchDirectory scratch = ScratchDirectory.make()) {
      // Only what this names, so that no service of the user's is asked.
      Path deployment = scratch.path().resolve("deployment.properties");
      Files.writeString(deployment, "lake=lake\nwork.dir=work\n");
      for (int i = 0; i < CAMPAIGNS; i++) {
        Path campaign =
            Files.writeString(scratch.path().resolve("campaign.yaml"), CAMPAIGN.formatted(i));
        run("campaign", "create", campaign.toString(), "--deployment", deployment.toString());
      }
      run("campaign", "list", "--deployment", deployment.toString());
      run("insights", "--deployment", deployment.toString());
      return run("tick", "--deployment", deployment.toString());
    }
  }

  private int run(String... arguments) {
    CommandLine root = spec.root().commandLine();
    return root.execute(arguments);
  }
}
