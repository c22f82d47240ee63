package dev.dormouse.cli;

import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one main. Nothing that it names refers to Spark, so that short commands start without it. */
@Command(
    name = "dormouse",
    mixinStandardHelpOptions = true,
    versionProvider = Dormouse.Version.class,
    description =
        "Remembers experiments, mines them, plans new ones under a budget, runs them and learns.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Of the launcher ./dormouse itself:",
      "  airflow up|down|status  A local Airflow with our DAGs, for trying out.",
      "  test                    All checks, as CI runs them."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ok",
      "2:wrong usage or bad input",
      "4:a service that is needed does not answer",
      "5:a plan waits for approval",
      "6:the budget is reached",
      "7:a guardrail forbids it"
    },
    subcommands = {
      DemoCommand.class,
      ImportCommand.class,
      PapersCommand.class,
      MineCommand.class,
      InsightsCommand.class,
      CampaignCommand.class,
      ResearchCommand.class,
      HypothesizeCommand.class,
      RankCommand.class,
      PlanCommand.class,
      ApproveCommand.class,
      PreflightCommand.class,
      TickCommand.class,
      ReportCommand.class,
      PublishCommand.class,
      LlmCommand.class,
      ExportTrainingSetCommand.class,
      DoctorCommand.class,
      WarmUpCommand.class
    })
public final class Dormouse {
  private Dormouse() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Dormouse());
    addOtherCommands(line);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(ExceptionReporter::report);
  }

  /** Adds the commands of other jars; a known one that is missing says that it is not installed. */
  private static void addOtherCommands(CommandLine line) {
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      provider.commands().forEach(line::addSubcommand);
    }
    for (String name : NotInstalledCommand.NAMES) {
      if (!line.getSubcommands().containsKey(name)) {
        line.addSubcommand(name, new NotInstalledCommand());
      }
    }
  }

  /** The version that the jar was built as. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Dormouse.class.getPackage().getImplementationVersion();
      return new String[] {"dormouse " + (version == null ? "(not packaged)" : version)};
    }
  }
}
