package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.report.BookData;
import dev.dormouse.report.HtmlReport;
import dev.dormouse.report.InsightBook;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Writes a campaign's report, or the insight book, as one HTML file.")
final class ReportCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", arity = "0..1", description = "The campaign.")
  private Optional<String> campaignId;

  @Option(
      names = "--insights",
      description = "All that the lake knows, as a book to browse, instead of a campaign's report.")
  private boolean insights;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Default: report.html, or insights.html with --insights.")
  private Optional<Path> file;

  @Override
  public Integer call() {
    if (insights == campaignId.isPresent()) {
      throw CommandException.badInput(
          insights
              ? "The insight book is about the whole lake; leave the campaign out, or leave out"
                    + " --insights."
              : "Name the campaign to report on, or ask for the insight book by --insights.");
    }
    KernelLake lake = openLake();
    Path target = file.orElse(Path.of(insights ? "insights.html" : "report.html"));
    if (insights) {
      InsightBook.write(BookData.read(lake), target);
    } else {
      HtmlReport.write(CampaignLookup.reportData(lake, campaignId.get()), target);
    }
    out().println(target.toAbsolutePath().normalize());
    return ExitCode.OK;
  }
}
