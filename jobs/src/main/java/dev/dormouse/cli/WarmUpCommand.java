package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import dev.dormouse.training.LocalBackend;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Loads the classes of a tick once, so that the launcher can archive them; see {@code ./dormouse}.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    try (ScratchDirectory scratch = ScratchDirectory.make()) {
      KernelLake lake = KernelLake.at(scratch.path());
      lake.createKernelTables();
      new Ticker(
              TickServices.of(
                  lake,
                  new LocalBackend(scratch.path().resolve("work"), Clock.systemUTC()),
                  Optional.empty(),
                  Clock.systemUTC()))
          .tick();
      return CampaignLog.read(lake).states().isEmpty() ? ExitCode.OK : ExitCode.BUG;
    }
  }
}
