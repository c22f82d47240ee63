package dev.dormouse.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.table.Json;
import dev.dormouse.tracking.MlflowEntry;
import dev.dormouse.tracking.RunBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MlflowBatchesTest {
  @Test
  void everyRequestKeepsTheServersLimitsAndNothingIsLost() {
    List<RunBatch> batches =
        MlflowBatches.withTags("run", item(250, 120, 2_300, "x".repeat(20_000) + "é"));
    for (RunBatch batch : batches) {
      assertThat(batch.params()).hasSizeLessThanOrEqualTo(100);
      assertThat(batch.tags()).hasSizeLessThanOrEqualTo(100);
      assertThat(batch.params().size() + batch.tags().size() + batch.metrics().size())
          .isBetween(1, 1_000);
      assertThat(Json.write(batch).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_000_000);
    }
    assertThat(batches)
        .flatExtracting(RunBatch::params)
        .extracting(MlflowEntry::key)
        .hasSize(250)
        .doesNotHaveDuplicates();
    assertThat(batches)
        .flatExtracting(RunBatch::tags)
        .extracting(MlflowEntry::key)
        .hasSize(120)
        .doesNotHaveDuplicates();
    assertThat(batches).flatExtracting(RunBatch::metrics).hasSize(2_300);
    assertThat(batches.get(0).params().get(0).value()).hasSize(6_000);
    assertThat(batches)
        .flatExtracting(RunBatch::tags)
        .extracting(MlflowEntry::value)
        .allSatisfy(value -> assertThat(value).hasSize(8_000).endsWith(" ..."));
  }

  @Test
  void aBatchIsJsonAsMlflowReadsIt() {
    assertThat(MlflowBatches.withoutTags("run", item(1, 1, 1, "")))
        .extracting(Json::write)
        .containsExactly(
            "{\"run_id\":\"run\",\"params\":[{\"key\":\"param0\",\"value\":\"\"}],"
                + "\"metrics\":[{\"key\":\"loss\",\"value\":0.5,\"timestamp\":0,\"step\":0}]}");
  }

  @Test
  void nothingToLogIsNoRequest() {
    assertThat(MlflowBatches.withoutTags("run", item(0, 3, 0, "v"))).isEmpty();
    assertThat(MlflowBatches.withTags("run", item(0, 3, 0, "v"))).hasSize(1);
  }

  private static RunItem item(int params, int tags, int points, String value) {
    return RunItemBuilder.builder()
        .key("key")
        .runKey("run key")
        .name("name")
        .status(RunItem.Status.FINISHED)
        .startedAt(Instant.EPOCH)
        .endedAt(Optional.of(Instant.EPOCH))
        .params(entries("param", params, value))
        .tags(entries("tag", tags, value))
        .metrics(
            IntStream.range(0, points)
                .mapToObj(i -> new RunItem.Point("loss", i, 0.5, Instant.EPOCH))
                .toList())
        .files(List.of())
        .build();
  }

  private static SortedMap<String, String> entries(String name, int count, String value) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> name + i, i -> value, (a, b) -> a, TreeMap::new));
  }
}
