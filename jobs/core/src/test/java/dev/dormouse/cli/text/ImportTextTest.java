package dev.dormouse.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.dormouse.ingest.ImportPreview;
import dev.dormouse.ingest.ImportSummary;
import dev.dormouse.model.Metric;
import dev.dormouse.table.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ImportTextTest {
  @Test
  void saysWhatWasQuarantinedAndLeftOut() {
    ImportSummary summary =
        new ImportSummary(
            1200,
            1000,
            100,
            100,
            new TreeMap<>(Map.of("it has no run id", 100L)),
            7,
            new TreeMap<>(Map.of("points without a run", 3L)));
    StringWriter text = new StringWriter();
    ImportText.print(summary, new PrintWriter(text));
    assertThat(text.toString().lines())
        .containsExactly(
            "1,200 rows read: 1,000 runs imported, 100 already there, 100 quarantined; 7 curve"
                + " points.",
            "  quarantined 100: it has no run id",
            "  left out 3: points without a run");
  }

  @Test
  void previewsWithOneMappingAreAMappingFile() throws IOException {
    String text = print(preview("a.csv", "auc"), preview("b.csv", "auc"));
    assertThat(text)
        .contains(
            "# a.csv: first 9 rows", "# b.csv: first 9 rows", "9 study ads/all:auc@validation")
        .doesNotContain("---");
    assertThat(new YAMLMapper().readTree(text)).isEqualTo(mapping("auc"));
  }

  @Test
  void previewsWithSeveralMappingsAreKeptApart() {
    String text = print(preview("a.csv", "auc"), preview("b.csv", "rmse"));
    assertThat(text.lines().filter("---"::equals)).hasSize(1);
    assertThat(text).contains("metric: \"auc\"", "metric: \"rmse\"");
    assertThat(print()).isEqualTo("# Nothing to import." + System.lineSeparator());
  }

  private static String print(ImportPreview... previews) {
    StringWriter text = new StringWriter();
    ImportText.print(List.of(previews), new PrintWriter(text));
    return text.toString();
  }

  private static ImportPreview preview(String source, String metric) {
    return new ImportPreview(
        source,
        true,
        mapping(metric),
        Metric.named(metric),
        9,
        new TreeMap<>(Map.of("ads/all:" + metric + "@validation", 9L)),
        new TreeMap<>(Map.of("ok", 9L)),
        new TreeMap<>());
  }

  private static JsonNode mapping(String metric) {
    return Json.mapper().createObjectNode().put("metric", metric);
  }
}
