package dev.dormouse.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  private static final String ATTACK =
      "</title></style><script>alert(1)</script><img src=x onerror=\"alert('2')\">{{ 7 * 7 }}";

  private final SampleCampaign sample = SampleCampaign.finished();

  @Test
  void saysTheVerdictFirstWithItsNumbers() {
    Document page = Jsoup.parse(HtmlReport.html(sample.reportData()));
    Verdict.Comparison test = sample.state().verdict().orElseThrow().test().orElseThrow();
    assertThat(page.select("h2").first().text())
        .isEqualTo("Confirmed: the winner beats the baseline on fresh seeds");
    assertThat(page.select("section").first().text())
        .contains(Numbers.gain(test.gain()))
        .contains(Numbers.interval(test.gainLow(), test.gainHigh()))
        .contains(Numbers.pValue(test.pValue()))
        .contains("learning_rate: 0.001 -> 0.003");
    assertThat(page.select("h2").eachText())
        .contains(
            "What was tried and why",
            "Failures and what was done",
            "Forecasts against outcomes",
            "Not tried, and why",
            "Limits");
  }

  @Test
  void showsEveryArmEveryFailureAndThatNoLanguageModelWasAsked() {
    String text = Jsoup.parse(HtmlReport.html(sample.reportData())).text();
    CampaignResults.of(sample.state())
        .arms()
        .forEach(arm -> assertThat(text).contains(arm.what(), ReportWords.outcome(arm)));
    sample.state().diagnoses().forEach(d -> assertThat(text).contains(d.cause(), d.detail()));
    assertThat(text).contains("Not configured: no language model was asked");
    assertThat(text).contains("Raising dropout from 0 to 0.2 gains");
  }

  @Test
  void isWellFormedAtEveryPointOfACampaign() {
    for (int events = 1; events <= sample.events().size(); events += 3) {
      Parser parser = Parser.htmlParser().setTrackErrors(10);
      Document page = parser.parseInput(HtmlReport.html(sample.reportDataAfter(events)), "");
      assertThat(parser.getErrors()).as("after %d events", events).isEmpty();
      assertThat(page.select("table")).allSatisfy(t -> assertThat(t.select("caption")).hasSize(1));
      assertThat(page.text()).doesNotContain("NaN").doesNotContain("Infinity");
    }
  }

  @Test
  void needsNothingFromElsewhere() {
    Document page = Jsoup.parse(HtmlReport.html(sample.reportData()));
    assertThat(page.select("script, link, img, iframe, object, [src], [href]")).isEmpty();
    assertThat(page.html()).doesNotContain("url(").doesNotContain("@import");
  }

  @Test
  void escapesWhateverComesFromOutside() {
    ReportData data = SampleCampaign.finished("ctr-q3", ATTACK).reportData();
    String html = HtmlReport.html(data);
    Document page = Jsoup.parse(html);
    assertThat(page.select("script, img, [onerror]")).isEmpty();
    assertThat(html).doesNotContain("<script").doesNotContain("<img");
    assertThat(page.text()).contains("<script>alert(1)</script>").contains("{{ 7 * 7 }}");
  }

  @Test
  void anUnconfirmedCampaignIsNotCalledAWin() {
    CampaignState running = sample.stateAfter(60);
    assertThat(running.verdict()).isEmpty();
    Document page = Jsoup.parse(HtmlReport.html(sample.reportDataAfter(60)));
    assertThat(page.select("h2").first().text())
        .isEqualTo("No verdict yet: the campaign is running");
    assertThat(page.select("section.good")).isEmpty();
  }

  @Test
  void replacesAnOlderReportAndLeavesNothingElseBehind(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("reports").resolve("report.html");
    HtmlReport.write(sample.reportDataAfter(5), file);
    HtmlReport.write(sample.reportData(), file);
    assertThat(Files.readString(file)).contains("Confirmed");
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void refusesACampaignThatDoesNotExist() {
    assertThatThrownBy(
            () -> new ReportData(CampaignState.unknown("nobody"), List.of(), List.of(), 0))
        .hasMessageContaining("no campaign 'nobody'");
  }
}
