package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.report.BookData;
import dev.dormouse.report.HtmlReport;
import dev.dormouse.report.InsightBook;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Writes a campaign's report, or the insight book, as one HTML file.")
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", arity = "0..1", description = "The campaign.")
  private Optional<String> campaignId;

  @Option(
      names = "--insights",
      description =
          "Write the insight book, which shows all insights of the lake, instead of a campaign's"
              + " report.")
  private boolean insights;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File to write (default: report.html, or insights.html with --insights).")
  private Optional<Path> file;

  @Mixin private LakeOptions lake;
  @Mixin private Output output;

  @Override
  public Integer call() {
    if (insights == campaignId.isPresent()) {
      throw CommandException.badInput(
          insights
              ? "The insight book is about the whole lake; leave the campaign out, or leave out"
                  + " --insights."
              : "Name the campaign to report on, or ask for the insight book by --insights.");
    }
    KernelLake opened = lake.open();
    Path target = file.orElse(Path.of(insights ? "insights.html" : "report.html"));
    if (insights) {
      InsightBook.write(BookData.read(opened), target);
    } else {
      HtmlReport.write(CampaignLookup.reportData(opened, campaignId.get()), target);
    }
    output.out().println(target.toAbsolutePath().normalize());
    return ExitCode.OK;
  }
}
