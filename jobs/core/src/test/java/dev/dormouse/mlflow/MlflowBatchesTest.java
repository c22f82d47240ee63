package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class MlflowBatchesTest {
  @Test
  void everyRequestKeepsTheServersLimitsAndNothingIsLost() {
    List<ObjectNode> batches =
        MlflowBatches.of("run", item(250, 120, 2_300, "x".repeat(20_000) + "é"), true);
    for (ObjectNode batch : batches) {
      assertThat(batch.path("params").size()).isLessThanOrEqualTo(100);
      assertThat(batch.path("tags").size()).isLessThanOrEqualTo(100);
      assertThat(batch.path("metrics").size()).isLessThanOrEqualTo(1_000);
      assertThat(
              batch.path("params").size()
                  + batch.path("tags").size()
                  + batch.path("metrics").size())
          .isLessThanOrEqualTo(1_000);
      assertThat(batch.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_000_000);
    }
    assertThat(keys(batches, "params")).hasSize(250).doesNotHaveDuplicates();
    assertThat(keys(batches, "tags")).hasSize(120).doesNotHaveDuplicates();
    assertThat(keys(batches, "metrics")).hasSize(2_300);
    assertThat(batches.get(0).path("params").get(0).path("value").asText()).hasSize(6_000);
    assertThat(batches)
        .flatExtracting(batch -> batch.path("tags").findValuesAsText("value"))
        .allSatisfy(value -> assertThat(value).hasSize(8_000).endsWith(" ..."));
  }

  @Test
  void nothingToLogIsNoRequest() {
    assertThat(MlflowBatches.of("run", item(0, 3, 0, "v"), false)).isEmpty();
    assertThat(MlflowBatches.of("run", item(0, 3, 0, "v"), true)).hasSize(1);
  }

  private static List<String> keys(List<ObjectNode> batches, String list) {
    return batches.stream()
        .flatMap(batch -> StreamSupport.stream(batch.path(list).spliterator(), false))
        .map(entry -> entry.path("key").asText())
        .toList();
  }

  private static RunItem item(int params, int tags, int points, String value) {
    return new RunItem(
        "key",
        "run key",
        Optional.empty(),
        "name",
        RunItem.Status.FINISHED,
        Instant.EPOCH,
        Optional.of(Instant.EPOCH),
        Optional.empty(),
        entries("param", params, value),
        entries("tag", tags, value),
        IntStream.range(0, points)
            .mapToObj(i -> new RunItem.Point("loss", i, 0.5, Instant.EPOCH))
            .toList(),
        List.of());
  }

  private static SortedMap<String, String> entries(String name, int count, String value) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> name + i, i -> value, (a, b) -> a, TreeMap::new));
  }
}
