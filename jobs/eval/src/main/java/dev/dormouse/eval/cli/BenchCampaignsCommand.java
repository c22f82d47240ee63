package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.text.Columns;
import dev.dormouse.eval.bench.CampaignBench;
import dev.dormouse.table.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dormouse bench campaigns}. */
@Command(
    name = "campaigns",
    mixinStandardHelpOptions = true,
    description =
        "Plays campaigns of which everything is known, and counts the synergies they find and the"
            + " winners they confirm wrongly.")
final class BenchCampaignsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--campaigns",
      paramLabel = "N",
      defaultValue = "500",
      description = "Campaigns with true effects (default: ${DEFAULT-VALUE}).")
  private int campaigns;

  @Option(
      names = "--nulls",
      paramLabel = "N",
      defaultValue = "5000",
      description = "Campaigns in which no change does anything (default: ${DEFAULT-VALUE}).")
  private int nulls;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the first campaign (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--json",
      description = "One JSON object on standard output; all else goes to standard error.")
  private boolean json;

  @Override
  public Integer call() {
    if (campaigns < 1 || nulls < 1) {
      throw CommandException.badInput(
          "--campaigns is " + campaigns + " and --nulls " + nulls + "; both must be at least 1.");
    }
    CampaignBench.Result result = CampaignBench.run(campaigns, nulls, seed);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(result));
    } else {
      Columns.print(
          out,
          List.of("campaigns", "what", "share"),
          List.of(
              row(campaigns, "true synergies tried in combination", result.synergiesTried()),
              row(campaigns, "true synergies found there", result.synergiesFound()),
              row(campaigns, "true antagonisms found there", result.antagonismsFound()),
              row(campaigns, "winners confirmed", result.confirmed()),
              row(nulls, "winners confirmed where nothing helps", result.nullConfirmed())));
    }
    return ExitCode.OK;
  }

  private static List<String> row(int count, String what, double share) {
    return List.of(
        String.format(Locale.ROOT, "%,d", count),
        what,
        String.format(Locale.ROOT, "%.2f%%", 100 * share));
  }
}
