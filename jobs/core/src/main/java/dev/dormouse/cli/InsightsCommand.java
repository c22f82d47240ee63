package dev.dormouse.cli;

import dev.dormouse.cli.text.AgentDriftText;
import dev.dormouse.cli.text.InsightJson;
import dev.dormouse.cli.text.InsightText;
import dev.dormouse.hypothesize.AgentDrift;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.Insight;
import dev.dormouse.wiring.SparkJobs;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse insights}. */
@Command(
    name = "insights",
    mixinStandardHelpOptions = true,
    description = "Shows the insights that were mined from past runs, most useful first.")
final class InsightsCommand implements Callable<Integer> {
  @Option(names = "--kind", description = "Show only this kind: ${COMPLETION-CANDIDATES}.")
  private Insight.Kind kind;

  @Option(
      names = "--study",
      paramLabel = "S",
      description = "Show only insights from studies whose name contains this text.")
  private String study;

  @Option(
      names = "--param",
      paramLabel = "P",
      description = "Show only insights about this parameter.")
  private String parameter;

  @Option(
      names = "--top",
      defaultValue = "30",
      description = "Number of insights to print; --json prints all (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--drift",
      description =
          "Show instead how well Dormouse itself did from campaign to campaign: success, calibration,"
              + " exact repeats, sources.")
  private boolean drift;

  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    return drift ? showDrift() : showInsights();
  }

  private int showDrift() {
    if (kind != null || study != null || parameter != null) {
      throw CommandException.badInput(
          "--drift is about all campaigns; leave --kind, --study and --param out.");
    }
    List<AgentDrift> campaigns = SparkJobs.agentDrift(lake.open().root());
    if (output.isJson()) {
      output.printJson(campaigns);
    } else if (campaigns.isEmpty()) {
      output.err().println("No campaign has tried anything yet.");
    } else {
      AgentDriftText.print(campaigns, output.out());
    }
    return ExitCode.OK;
  }

  private int showInsights() {
    List<Insight> matching =
        InsightReader.newest(lake.open()).stream().filter(this::matches).toList();
    if (output.isJson()) {
      output.printJson(matching.stream().map(InsightJson::of).toList());
    } else if (matching.isEmpty()) {
      output.err().println("No insight matches; 'dormouse mine' looks for new ones.");
    } else {
      InsightText.print(matching.stream().limit(top).toList(), output.out());
    }
    return ExitCode.OK;
  }

  private boolean matches(Insight insight) {
    return (kind == null || insight.kind() == kind)
        && (parameter == null || insight.parameters().contains(parameter))
        && (study == null || insight.studies().stream().anyMatch(name -> name.contains(study)));
  }
}
