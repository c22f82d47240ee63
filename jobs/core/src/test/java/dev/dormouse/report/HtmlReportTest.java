package dev.dormouse.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.Arm;
import dev.dormouse.model.Phase;
import dev.dormouse.stats.Estimate;
import dev.dormouse.summary.ArmResult;
import dev.dormouse.summary.CampaignResults;
import dev.dormouse.summary.Numbers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  /** Directory for the hostile pages, to inspect them in a real browser. */
  private static final Path HOSTILE = Path.of("target", "hostile");

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
        .contains("learning_rate: 0.001 → 0.003");
    assertThat(page.select("h2").eachText())
        .contains(
            "What was tried and why",
            "Failures and repairs",
            "Forecasts against outcomes",
            "Cautions",
            "Synergy: do gains add up?",
            "Time and budget",
            "People and cost",
            "What to try next",
            "Limits",
            "All runs");
  }

  @Test
  void showsEveryArmEveryFailureAndThatNoLanguageModelWasAsked() {
    String text = Jsoup.parse(HtmlReport.html(sample.reportData())).text();
    CampaignResults.of(sample.state())
        .arms()
        .forEach(
            arm ->
                assertThat(text).contains(Typography.arrows(arm.what()), ReportWords.outcome(arm)));
    sample
        .state()
        .diagnoses()
        .forEach(d -> assertThat(text).contains(d.cause(), Typography.arrows(d.detail())));
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
    assertThat(page.select("script, link, img, iframe, object, [src], [style]")).isEmpty();
    assertThat(page.select("[href]").eachAttr("href")).allMatch(link -> link.startsWith("#"));
    assertThat(page.html()).doesNotContain("url(").doesNotContain("@import");
  }

  @Test
  void everyLinkLeadsToSomethingOnThePage() {
    for (int events = 1; events <= sample.events().size(); events += 10) {
      Document page = Jsoup.parse(HtmlReport.html(sample.reportDataAfter(events)));
      assertThat(page.select("[href]").eachAttr("href"))
          .as("after %d events", events)
          .allSatisfy(link -> assertThat(page.getElementById(link.substring(1))).isNotNull());
      assertThat(page.select("[id]").eachAttr("id")).doesNotHaveDuplicates();
    }
  }

  @Test
  void theGainOfAnArmLinksToItsRunsAndEveryRunIsListedOnce() {
    Document page = Jsoup.parse(HtmlReport.html(sample.reportData()));
    ArmResult third = CampaignResults.of(sample.state()).arms().get(2);
    String anchor = page.select("#tried tbody tr").get(2).select("td a").last().attr("href");
    String runs = page.getElementById(anchor.substring(1)).text();
    assertThat(runs).contains(third.arm().configId());
    String all = page.getElementById("runs").text();
    sample
        .state()
        .attempts()
        .keySet()
        .forEach(key -> assertThat(all).containsOnlyOnce(key.runId()));
  }

  @Test
  void synergyIsWhatACombinationGainsBeyondTheSumOfItsParts() {
    Synergy synergy = Synergy.of(CampaignResults.of(sample.state()));
    assertThat(synergy.combinations())
        .extracting(Synergy.Combination::what)
        .contains("dropout=0.2, learning_rate=0.003");
    Map<String, Double> gains = new TreeMap<>();
    CampaignResults.of(sample.state())
        .arms()
        .forEach(arm -> arm.gain().ifPresent(gain -> gains.putIfAbsent(arm.label(), gain.mean())));
    double expected =
        gains.get("dropout=0.2, learning_rate=0.003")
            - gains.get("dropout=0.2")
            - gains.get("learning_rate=0.003");
    assertThat(synergy.combinations().get(0).synergy()).isEqualTo(Numbers.gain(expected));
  }

  @Test
  void partsOfACombinationMayHaveSeveralChanges() {
    CampaignResults results =
        new CampaignResults(
            Optional.of(new Estimate(0.77, 0.769, 0.771)),
            3,
            OptionalDouble.of(0.0005),
            List.of(
                result(0.002, "a", "b"),
                result(0.003, "c"),
                result(0.006, "a", "b", "c"),
                result(0.004, "a", "d")));

    assertThat(Synergy.of(results).combinations())
        .singleElement()
        .satisfies(
            together -> {
              assertThat(together.sum()).isEqualTo(Numbers.gain(0.005));
              assertThat(together.synergy()).isEqualTo(Numbers.gain(0.001));
            });
  }

  /** An arm that turns these parameters on, with its gain. */
  private static ArmResult result(double gain, String... parameters) {
    Arm baseline = new Arm("m", new TreeMap<>(Map.of("a", "0", "b", "0", "c", "0", "d", "0")));
    Arm arm = baseline;
    for (String parameter : parameters) {
      arm = arm.with(parameter, "1");
    }
    return new ArmResult(
        arm,
        arm.changesFrom(baseline),
        new ArmResult.Origin(
            Phase.VALIDATION, Optional.empty(), Optional.empty(), Optional.empty()),
        List.of(gain),
        Optional.of(new Estimate(gain, gain - 0.001, gain + 0.001)),
        List.of(),
        0);
  }

  @Test
  void tellsHowManySeedPairsWouldTellAGainApart() {
    // Half the interval is t(0.975, 5) sd / sqrt(6) = 0.002, so sd = 0.0019; t sd / sqrt(n) <=
    // 0.001
    // first holds for n = 17: 2.1199 * 0.001906 / sqrt(17) = 0.00098.
    Verdict.Comparison comparison =
        new Verdict.Comparison(6, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.001, -0.001, 0.003, 0.3);
    assertThat(NextSteps.pairsToTell(comparison)).isEqualTo(17);
  }

  @Test
  void escapesWhateverComesFromOutside() {
    String everything = String.join(" ", Attacks.ALL);
    String html = HtmlReport.html(SampleCampaign.finished("ctr-q3", everything).reportData());
    Attacks.assertHarmless(html, everything);
    assertThat(Jsoup.parse(html).text()).contains("<script>").contains("{{ 7 * 7 }}");
  }

  @Test
  void anAttackInEveryStringOfThePageDoesNothing() throws IOException {
    ReportView view = ReportView.of(sample.reportData());
    Attacks.ALL.forEach(attack -> Attacks.assertHarmless(hostile(view, attack), attack));
    Files.createDirectories(HOSTILE);
    Files.writeString(HOSTILE.resolve("report.html"), hostile(view, String.join(" ", Attacks.ALL)));
  }

  private static String hostile(ReportView view, String attack) {
    return Pages.fill("report.html", Map.of("report", Attacks.everywhere(view, attack)));
  }

  @Test
  void anUnconfirmedCampaignIsNotCalledAWin() {
    CampaignState running = sample.stateAfter(60);
    assertThat(running.verdict()).isEmpty();
    Document page = Jsoup.parse(HtmlReport.html(sample.reportDataAfter(60)));
    assertThat(page.select("h2").first().text())
        .isEqualTo("No verdict yet: the campaign is running");
    assertThat(page.select("section.good")).isEmpty();
    assertThat(page.getElementById("next").text()).contains("The results suggest no next step yet");
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
