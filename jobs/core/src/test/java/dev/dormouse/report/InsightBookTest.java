package dev.dormouse.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.model.Insight;
import dev.dormouse.model.Insight.Kind;
import dev.dormouse.model.Step;
import dev.dormouse.report.BookData.ModelTried;
import dev.dormouse.report.BookData.Setting;
import dev.dormouse.report.BookData.Studied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

class InsightBookTest {
  private static final Path HOSTILE = Path.of("target", "hostile");

  @Test
  void putsWhatWorksWhatFailsAndWhatIsUntriedInTheirPlaces() {
    Document page = Jsoup.parse(InsightBook.html(book("")));
    assertThat(page.select("#works svg text").eachText())
        .contains("dropout 0 → 0.2", "+0.00300")
        .doesNotContain("l2 0 → 1");
    assertThat(page.select("#fails svg text").eachText()).contains("l2 0 → 1", "40%");
    assertThat(page.getElementById("fails").text()).contains("Wrong conclusion: it is better.");
    assertThat(page.select("#same svg text").eachText()).contains("k 8 → 16");
    assertThat(page.getElementById("untried").text()).contains("optimizer is adam in 99%");
    assertThat(page.getElementById("works").text()).contains("FiBiNET");
    assertThat(page.getElementById("studies").text()).contains("ads/v1:auc@validation", "0.00110");
  }

  @Test
  void tellsAHintFromWhatIsEstablished() {
    Document page = Jsoup.parse(InsightBook.html(book("")));
    assertThat(page.select("#works svg .hint").text()).contains("momentum");
    assertThat(page.select("#works svg .gain").not(".hint").text()).contains("dropout");
    assertThat(page.select("header").text()).contains("1 of 4 steps that were tested");
  }

  @Test
  void aParameterLeadsToItsChapterWithAllThatIsKnownOfIt() {
    Document page = Jsoup.parse(InsightBook.html(book("")));
    String anchor = page.select("#works svg a:contains(dropout)").attr("href");
    String chapter = page.getElementById(anchor.substring(1)).text();
    assertThat(chapter)
        .startsWith("dropout 300 runs, varied in 1 of 1 studies")
        .contains("FiBiNET", "run-7");
  }

  @Test
  void isWellFormedAndNeedsNothingFromElsewhere() {
    Parser parser = Parser.htmlParser().setTrackErrors(10);
    Document page = parser.parseInput(InsightBook.html(book("")), "");
    assertThat(parser.getErrors()).isEmpty();
    assertThat(page.select("script, link, img, [src], [style]")).isEmpty();
    assertThat(page.select("[href]").eachAttr("href"))
        .allSatisfy(link -> assertThat(page.getElementById(link.substring(1))).isNotNull());
    assertThat(page.select("[id]").eachAttr("id")).doesNotHaveDuplicates();
    assertThat(page.text()).doesNotContain("NaN").doesNotContain("Infinity");
  }

  @Test
  void aLakeInWhichNothingWasMinedSaysSo() {
    BookData nothing = new BookData(List.of(), Optional.empty(), List.of(), List.of(), List.of());
    assertThat(Jsoup.parse(InsightBook.html(nothing)).text()).contains("Nothing was mined yet");
  }

  @Test
  void escapesWhateverComesFromOutside() {
    Attacks.ALL.forEach(attack -> Attacks.assertHarmless(InsightBook.html(book(attack)), attack));
  }

  @Test
  void anAttackInEveryStringOfThePageDoesNothing() throws IOException {
    String attack = String.join(" ", Attacks.ALL);
    String html =
        Pages.fill(
            "insights.html", Map.of("book", Attacks.everywhere(BookView.of(book("")), attack)));
    Attacks.assertHarmless(html, attack);
    Files.createDirectories(HOSTILE);
    Files.writeString(HOSTILE.resolve("insights.html"), html);
  }

  /** Returns data of one study with a text added to every string in it. */
  private static BookData book(String outside) {
    String study = "ads/v1:auc@validation" + outside;
    return new BookData(
        List.of(
            insight(Kind.EFFECT, "dropout", "0", "0.2", 0.003, 0.001, 0.01, "", outside),
            insight(Kind.EFFECT, "momentum", "0.9", "0.99", 0.002, 0.001, 0.9, "", outside),
            insight(Kind.EFFECT, "l2", "0", "1", -0.004, 0.001, 0.6, "", outside),
            insight(Kind.EFFECT, "k", "8", "16", 0.0001, 0.001, 0.9, "", outside),
            insight(Kind.CONDITION, "dropout", "0", "0.2", 0.01, 0.002, 0.01, "FiBiNET", outside),
            insight(Kind.FAILURE, "l2", "", "1", 0.4, 0.1, 0.01, "", outside),
            insight(Kind.TRAP, "v2", "", "", 1, 0, 1, "", outside),
            insight(Kind.COVERAGE, "optimizer", "", "adam", 0.99, 0, 1, "", outside),
            insight(Kind.MODEL_RANK, "model", "", "DCN" + outside, 0.9, 0.05, 1, "", outside),
            insight(Kind.NOISE, "", "", "", 0.0011, 0, 1, "", outside)),
        Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
        List.of(
            new Studied(
                study,
                "ads" + outside,
                "auc" + outside,
                400,
                390,
                OptionalDouble.of(0.78),
                OptionalDouble.empty())),
        List.of(
            new Setting(study, "dropout" + outside, "0.2" + outside, 300, 3),
            new Setting(study, "optimizer" + outside, "adam" + outside, 400, 1)),
        List.of(new ModelTried(study, "DCN" + outside, 40)));
  }

  private static Insight insight(
      Kind kind,
      String parameter,
      String from,
      String to,
      double mean,
      double half,
      double q,
      String model,
      String outside) {
    String statement =
        switch (kind) {
          case FAILURE -> parameter + " = " + to + outside + ": 12 of 30 runs collapsed";
          case COVERAGE -> parameter + " is " + to + " in 99% of the runs" + outside;
          case CONDITION -> parameter + " gains more for " + model + outside;
          default -> kind.id() + " " + parameter + outside;
        };
    return new Insight(
        kind.id() + "-" + parameter + outside,
        kind,
        statement,
        parameter.isEmpty() || kind == Kind.TRAP ? List.of() : List.of(parameter + outside),
        Step.of(kind, from, to),
        new TreeMap<>(model.isEmpty() ? Map.of() : Map.of("model_variant", model)),
        List.of("DCN" + outside, "FiBiNET"),
        kind == Kind.NOISE || kind == Kind.TRAP
            ? List.of("ads/v1:auc@validation" + outside)
            : List.of("ads/v1:auc@validation" + outside, "other"),
        "auc",
        Optional.of(
            new Insight.Effect(
                mean,
                mean,
                mean,
                mean - half,
                mean + half,
                OptionalDouble.of(mean - 3 * half),
                OptionalDouble.of(mean + 3 * half),
                0.9,
                OptionalDouble.of(q),
                80,
                6,
                2,
                0.7)),
        kind == Kind.TRAP ? "it is better" + outside : "",
        List.of("run-7" + outside));
  }
}
