package dev.dormouse.publish;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReportPreviewTest {
  @Test
  void w() {
    HtmlReport.write(SampleCampaign.finished().reportData(), Path.of("/tmp/pub-report.html"));
    HtmlReport.write(
        new ReportData(
            SampleCampaign.finished().stateAfter(24),
            SampleCampaign.finished().events().subList(0, 24),
            java.util.List.of(),
            3),
        Path.of("/tmp/pub-report-early.html"));
    HtmlReport.write(
        new ReportData(
            SampleCampaign.finished().stateAfter(2),
            SampleCampaign.finished().events().subList(0, 2),
            java.util.List.of(),
            3),
        Path.of("/tmp/pub-report-first.html"));
    org.slf4j.LoggerFactory.getLogger("x")
        .warn("\n{}", CampaignText.of(CampaignSummary.of(SampleCampaign.finished().state())));
    org.slf4j.LoggerFactory.getLogger("x")
        .warn(
            "\n{}",
            dev.dormouse.table.Json.write(
                CampaignSummary.of(SampleCampaign.finished().stateAfter(30))));
  }
}
