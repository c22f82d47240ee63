package dev.dormouse.cli;

import dev.dormouse.campaign.LoggedEvent;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse campaign log ID}. */
@Command(
    name = "log",
    mixinStandardHelpOptions = true,
    description = "Prints a campaign's events, oldest first.")
final class CampaignLogCommand implements Callable<Integer> {
  private static final int LONGEST_EVENT = 140;

  @Mixin private CampaignArgument campaign;

  @Option(
      names = "--json",
      description = "Print one JSON object a line, with all content of the event.")
  private boolean json;

  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    for (LoggedEvent event : CampaignLookup.events(lake.open(), campaign.id())) {
      if (json) {
        output.printJsonLine(EventJson.of(event));
      } else {
        output.out().println(text(event));
      }
    }
    return ExitCode.OK;
  }

  private static String text(LoggedEvent event) {
    String content = event.event().toString();
    return String.join(
        "  ",
        Long.toString(event.seq()),
        event.at().toString(),
        kind(event),
        content.length() > LONGEST_EVENT ? content.substring(0, LONGEST_EVENT) + "..." : content);
  }

  private static String kind(LoggedEvent event) {
    return event.event().getClass().getSimpleName();
  }

  /** A line of {@code --json}, which other programs read. */
  private record EventJson(Instant at, Object event, String kind, long seq, String tick) {
    static EventJson of(LoggedEvent event) {
      return new EventJson(
          event.at(), event.event(), CampaignLogCommand.kind(event), event.seq(), event.tickId());
    }
  }
}
