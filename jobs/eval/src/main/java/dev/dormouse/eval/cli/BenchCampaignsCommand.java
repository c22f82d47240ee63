package dev.dormouse.eval.cli;

import dev.dormouse.cli.CommandException;
import dev.dormouse.cli.ExitCode;
import dev.dormouse.cli.JsonOutput;
import dev.dormouse.cli.text.Columns;
import dev.dormouse.eval.bench.CampaignBench;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dormouse bench campaigns}. */
@Command(
    name = "campaigns",
    mixinStandardHelpOptions = true,
    description =
        "Runs campaigns with known true effects, and counts the synergies that they find and the"
            + " winners that they confirm wrongly.")
final class BenchCampaignsCommand implements Callable<Integer> {
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

  @Mixin private SeedOption seed;

  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    if (campaigns < 1 || nulls < 1) {
      throw CommandException.badInput(
          "--campaigns is " + campaigns + " and --nulls " + nulls + "; both must be at least 1.");
    }
    CampaignBench.Result result = CampaignBench.run(campaigns, nulls, seed.seed());
    PrintWriter out = output.out();
    if (output.isJson()) {
      output.printJsonLine(result);
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
