package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.TickServices;
import dev.dormouse.tick.Ticker;
import dev.dormouse.training.LocalBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Loads the classes of a tick once, so that the launcher can archive them; see {@code ./dormouse}.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Path scratch = Files.createTempDirectory("dormouse-warm-up");
    try {
      KernelLake lake = KernelLake.at(scratch);
      lake.createKernelTables();
      new Ticker(
              TickServices.of(
                  lake,
                  new LocalBackend(scratch.resolve("work"), Clock.systemUTC()),
                  Optional.empty(),
                  Clock.systemUTC()))
          .tick();
      return CampaignLog.read(lake).states().isEmpty() ? ExitCode.OK : ExitCode.BUG;
    } finally {
      try (Stream<Path> files = Files.walk(scratch)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
