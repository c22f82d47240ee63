package dev.dormouse.cli;

import dev.dormouse.cli.text.Columns;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.wiring.SparkJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse rank}. */
@Command(
    name = "rank",
    mixinStandardHelpOptions = true,
    description = "Shows the order of a campaign's hypotheses with every term of their score.")
final class RankCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", description = "The campaign.")
  private String campaignId;

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    KernelLake lake = openLake();
    CampaignSpec spec = CampaignLookup.spec(lake, campaignId);
    List<Hypothesis> ranked = SparkJobs.hypotheses(deployment(), spec).hypotheses();
    if (json) {
      printJson(ranked);
      return ExitCode.OK;
    }
    List<String> terms =
        List.copyOf(
            new TreeSet<>(ranked.stream().flatMap(h -> h.terms().keySet().stream()).toList()));
    List<String> headings = new ArrayList<>(List.of("rank", "changes", "source", "score"));
    headings.addAll(terms);
    List<List<String>> rows = new ArrayList<>();
    for (Hypothesis hypothesis : ranked) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(rows.size() + 1));
      row.add(String.join(", ", hypothesis.changes().stream().map(Object::toString).toList()));
      row.add(hypothesis.source().id());
      row.add(String.format(Locale.ROOT, "%.5f", hypothesis.score()));
      terms.forEach(
          term ->
              row.add(
                  hypothesis.terms().containsKey(term)
                      ? String.format(Locale.ROOT, "%.5f", hypothesis.terms().get(term))
                      : "-"));
      rows.add(row);
    }
    Columns.print(out(), headings, rows);
    return ExitCode.OK;
  }
}
