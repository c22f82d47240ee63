package dev.dormouse.cli;

import dev.dormouse.bench.WaitingCampaigns;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.io.KernelLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Loads the classes of a tick once, so that the launcher can archive them; see {@code ./dormouse}.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  /** Enough for a checkpoint of the log, whose Parquet takes a thousand classes to read. */
  private static final int COMMITS = 60;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (ScratchDirectory scratch = ScratchDirectory.make()) {
      KernelLake lake = KernelLake.at(scratch.path().resolve("lake"));
      lake.createKernelTables();
      WaitingCampaigns waiting =
          new WaitingCampaigns(lake, scratch.path().resolve("work"), Instant.now());
      waiting.write(1, COMMITS, COMMITS);
      for (TrialKey key : waiting.open()) {
        waiting.begin(key);
      }
      // Only what this names, so that no service of the user's is asked.
      Path deployment = scratch.path().resolve("deployment.properties");
      Files.writeString(deployment, "lake=lake\nwork.dir=work\n");
      return spec.root().commandLine().execute("tick", "--deployment", deployment.toString());
    }
  }
}
