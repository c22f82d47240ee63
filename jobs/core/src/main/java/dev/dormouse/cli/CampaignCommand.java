package dev.dormouse.cli;

import dev.dormouse.cli.text.Columns;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.config.CampaignFile;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.summary.CampaignSummary;
import dev.dormouse.summary.CampaignText;
import dev.dormouse.table.Json;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.Campaigns;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse campaign ...}. */
@Command(
    name = "campaign",
    mixinStandardHelpOptions = true,
    description = "Creates, shows and steers campaigns.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CampaignCommand.Create.class,
      CampaignCommand.ListAll.class,
      CampaignCommand.Show.class,
      CampaignCommand.Reject.class,
      CampaignCommand.Pause.class,
      CampaignCommand.Resume.class,
      CampaignCommand.Halt.class,
      CampaignCommand.Budget.class,
      CampaignCommand.Log.class,
      CampaignCommand.Touches.class
    })
final class CampaignCommand {
  /** {@code campaign create FILE}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Creates a campaign from its file.")
  static final class Create extends LakeCommand {
    @Parameters(paramLabel = "FILE", description = "The campaign file.")
    private Path file;

    @Option(
        names = "--by",
        paramLabel = "NAME",
        defaultValue = "${sys:user.name}",
        description = "Who creates it (default: ${DEFAULT-VALUE}).")
    private String by;

    @Override
    public Integer call() {
      CampaignSpec spec = CampaignFile.read(file);
      KernelLake lake = openOrCreateLake();
      try {
        Campaigns.create(lake, spec, by, Instant.now());
      } catch (IllegalArgumentException e) {
        throw CommandException.badInput(e.getMessage());
      }
      out()
          .println(
              "Created "
                  + spec.campaignId()
                  + "; next: 'dormouse preflight "
                  + spec.campaignId()
                  + "', then 'dormouse plan "
                  + spec.campaignId()
                  + "'.");
      return ExitCode.OK;
    }
  }

  /** {@code campaign list}. */
  @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all campaigns.")
  static final class ListAll extends LakeCommand {
    @Option(names = "--json", description = "As a JSON array.")
    private boolean json;

    @Override
    public Integer call() {
      Map<String, CampaignState> states = CampaignLog.read(openLake()).states();
      if (json) {
        printJson(states.values().stream().map(CampaignSummary::of).toList());
      } else {
        Columns.print(
            out(),
            List.of("campaign", "status", "phase", "runs", "spent", "cap"),
            states.values().stream()
                .map(
                    state ->
                        List.of(
                            state.campaignId(),
                            state.status().id(),
                            state.phase().map(phase -> phase.id()).orElse("-"),
                            Integer.toString(state.attempts().size()),
                            GpuHours.text(state.settledMicros()),
                            state.approval().map(a -> GpuHours.text(a.capMicros())).orElse("-")))
                .toList());
      }
      return ExitCode.OK;
    }
  }

  /** {@code campaign show ID}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows where a campaign stands.")
  static final class Show extends LakeCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String campaignId;

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
      CampaignState state = CampaignLookup.require(openLake(), campaignId);
      if (json) {
        printJson(CampaignSummary.of(state));
      } else {
        out().println(CampaignText.of(CampaignSummary.of(state)));
      }
      return ExitCode.OK;
    }
  }

  /** {@code campaign reject ID --plan HASH}. */
  @Command(
      name = "reject",
      mixinStandardHelpOptions = true,
      description = "Rejects a plan; the campaign then needs another.")
  static final class Reject extends LakeCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String campaignId;

    @Option(names = "--plan", required = true, paramLabel = "HASH", description = "The plan.")
    private String planHash;

    @Option(names = "--by", required = true, paramLabel = "NAME", description = "Who rejects.")
    private String by;

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String comment;

    @Override
    public Integer call() {
      CampaignMessages.requireChannel(deployment());
      CampaignMessages.reject(openLake(), campaignId, planHash, by, comment, Instant.now());
      out().println("Rejected plan " + planHash + " of " + campaignId + ".");
      return ExitCode.OK;
    }
  }

  /** A command that only sends a message to a campaign. */
  abstract static class Send extends LakeCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The campaign.")
    private String campaignId;

    @Option(
        names = "--by",
        paramLabel = "NAME",
        defaultValue = "${sys:user.name}",
        description = "Who asks (default: ${DEFAULT-VALUE}).")
    private String by;

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String comment;

    final int send(Function<InboxMessage.Header, InboxMessage> message) {
      CampaignMessages.send(openLake(), campaignId, by, comment, Instant.now(), message);
      out().println("Sent; the next tick acts on it.");
      return ExitCode.OK;
    }
  }

  /** {@code campaign pause ID}. */
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Launches nothing new until resumed.")
  static final class Pause extends Send {
    @Override
    public Integer call() {
      return send(InboxMessage.Pause::new);
    }
  }

  /** {@code campaign resume ID}. */
  @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on after a pause.")
  static final class Resume extends Send {
    @Override
    public Integer call() {
      return send(InboxMessage.Resume::new);
    }
  }

  /** {@code campaign halt ID}. */
  @Command(
      name = "halt",
      mixinStandardHelpOptions = true,
      description = "Ends a campaign and stops its runs.")
  static final class Halt extends Send {
    @Override
    public Integer call() {
      return send(InboxMessage.Halt::new);
    }
  }

  /** {@code campaign budget ID --cap HOURS}. */
  @Command(name = "budget", mixinStandardHelpOptions = true, description = "Sets another cap.")
  static final class Budget extends Send {
    @Option(
        names = "--cap",
        required = true,
        paramLabel = "GPU_HOURS",
        description = "The new cap, in GPU-hours.")
    private double cap;

    @Override
    public Integer call() {
      if (cap <= 0) {
        throw CommandException.badInput("--cap is " + cap + "; it must be above 0.");
      }
      return send(header -> new InboxMessage.SetBudget(header, GpuHours.micros(cap)));
    }
  }

  /** {@code campaign log ID}. */
  @Command(
      name = "log",
      mixinStandardHelpOptions = true,
      description = "Prints a campaign's events.")
  static final class Log extends LakeCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String campaignId;

    @Option(names = "--json", description = "One JSON object a line, with all content.")
    private boolean json;

    @Override
    public Integer call() {
      for (LoggedEvent event : CampaignLookup.events(openLake(), campaignId)) {
        String kind = event.event().getClass().getSimpleName();
        String text =
            json
                ? Json.write(
                    Map.of(
                        "seq",
                        event.seq(),
                        "at",
                        event.at(),
                        "tick",
                        event.tickId(),
                        "kind",
                        kind,
                        "event",
                        event.event()))
                : event.seq()
                    + "  "
                    + event.at()
                    + "  "
                    + kind
                    + "  "
                    + shortened(event.event().toString());
        out().println(text);
      }
      return ExitCode.OK;
    }

    private static String shortened(String text) {
      return text.length() > 140 ? text.substring(0, 140) + "..." : text;
    }
  }

  /** {@code campaign touches ID}. */
  @Command(
      name = "touches",
      mixinStandardHelpOptions = true,
      description = "Lists what people did to a campaign.")
  static final class Touches extends LakeCommand {
    @Parameters(paramLabel = "ID", description = "The campaign.")
    private String campaignId;

    @Option(names = "--json", description = "As a JSON array.")
    private boolean json;

    @Override
    public Integer call() {
      List<CampaignState.Touch> touches = CampaignLookup.require(openLake(), campaignId).touches();
      if (json) {
        printJson(touches);
      } else {
        Columns.print(
            out(),
            List.of("at", "what", "by", "how", "detail"),
            touches.stream()
                .map(t -> List.of(t.at().toString(), t.kind(), t.by(), t.channel(), t.detail()))
                .toList());
      }
      return ExitCode.OK;
    }
  }
}
