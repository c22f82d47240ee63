package dev.dormouse.cli;

import dev.dormouse.io.KernelLake;
import dev.dormouse.publish.HtmlReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Writes a campaign's report as one HTML file.")
final class ReportCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", description = "The campaign.")
  private String campaignId;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "report.html",
      description = "Default: ${DEFAULT-VALUE}.")
  private Path file;

  @Override
  public Integer call() {
    KernelLake lake = openLake();
    HtmlReport.write(CampaignViews.reportData(lake, campaignId), file);
    out().println(file.toAbsolutePath().normalize());
    return ExitCode.OK;
  }
}
