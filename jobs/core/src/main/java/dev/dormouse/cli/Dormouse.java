package dev.dormouse.cli;

import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The main class. No class that it names refers to Spark, so that short commands start without it.
 */
@Command(
    name = "dormouse",
    mixinStandardHelpOptions = true,
    versionProvider = Dormouse.Version.class,
    description =
        "Stores past experiments, mines them for insights, and plans and runs new ones under a"
            + " budget.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Commands of the launcher ./dormouse itself:",
      "  airflow up|down|status  Controls a local Airflow with our DAGs, for trials.",
      "  test                    Runs all checks, as CI does."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ok",
      "2:wrong usage or bad input",
      "3:nothing to do (where --due asks for it)",
      "4:a service that is needed does not answer, or other ticks came first; try again",
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
      LearnCommand.class,
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

  /** Returns the command line with the commands of all jars on the class path. */
  public static CommandLine commandLine() {
    return commandLine(ServiceLoader.load(CommandProvider.class));
  }

  /** Returns the command line with the commands of this jar and of the providers. */
  static CommandLine commandLine(Iterable<CommandProvider> providers) {
    CommandLine line = new CommandLine(new Dormouse());
    providers.forEach(provider -> provider.commands().forEach(line::addSubcommand));
    for (String name : NotInstalledCommand.NAMES) {
      if (!line.getSubcommands().containsKey(name)) {
        line.addSubcommand(name, new NotInstalledCommand());
      }
    }
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(ExceptionReporter::report);
  }

  /** Reads the version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Dormouse.class.getPackage().getImplementationVersion();
      return new String[] {"dormouse " + (version == null ? "(not packaged)" : version)};
    }
  }
}
