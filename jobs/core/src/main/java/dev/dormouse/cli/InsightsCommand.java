package dev.dormouse.cli;

import dev.dormouse.cli.text.InsightJson;
import dev.dormouse.cli.text.InsightText;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.Insight;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dormouse insights}. */
@Command(
    name = "insights",
    mixinStandardHelpOptions = true,
    description = "Shows what history has taught, most useful first.")
final class InsightsCommand extends LakeCommand {
  @Option(names = "--kind", description = "Only this kind: ${COMPLETION-CANDIDATES}.")
  private Insight.Kind kind;

  @Option(
      names = "--study",
      paramLabel = "S",
      description = "Only insights that rest on a study whose name contains this.")
  private String study;

  @Option(names = "--param", paramLabel = "P", description = "Only insights about this parameter.")
  private String parameter;

  @Option(names = "--json", description = "One JSON array of all insights that match.")
  private boolean json;

  @Option(
      names = "--top",
      defaultValue = "30",
      description = "How many to print (default: ${DEFAULT-VALUE}).")
  private int top;

  @Override
  public Integer call() {
    KernelLake lake = openLake();
    List<Insight> matching = InsightReader.newest(lake).stream().filter(this::matches).toList();
    if (json) {
      printJson(matching.stream().map(InsightJson::of).toList());
    } else if (matching.isEmpty()) {
      err().println("No insight matches; 'dormouse mine' looks for new ones.");
    } else {
      InsightText.print(matching.stream().limit(top).toList(), out());
    }
    return ExitCode.OK;
  }

  private boolean matches(Insight insight) {
    return (kind == null || insight.kind() == kind)
        && (parameter == null || insight.parameters().contains(parameter))
        && (study == null || insight.studies().stream().anyMatch(name -> name.contains(study)));
  }
}
