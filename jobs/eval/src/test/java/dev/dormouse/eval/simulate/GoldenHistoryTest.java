package dev.dormouse.eval.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.io.KernelLake;
import dev.dormouse.table.Column;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.PlanForecastsTable;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.HistoryReplay;
import dev.dormouse.tick.Inbox;
import dev.dormouse.tick.PlanForecastReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Histories that were recorded by this and older versions of the rules fold, and replay to the same
 * decisions. A file is written once, when its version of the rules is new: run this test with
 * {@code -Ddormouse.regenerate=true} then, and never again.
 */
class GoldenHistoryTest {
  private static final Path FILES = Path.of("src/test/resources/dev/dormouse/eval/simulate");
  private static final int CAMPAIGNS = 10;
  private static final long SEED = 20260101;

  @TempDir Path dir;

  static List<Integer> rules() {
    return IntStream.rangeClosed(1, Decider.RULES).boxed().toList();
  }

  private static Path file(int rules) {
    return FILES.resolve("history-of-rules-" + rules + ".jsonl.gz");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void recordedHistoriesReplayToTheSameDecisions(int rules) throws IOException {
    if (Boolean.getBoolean("dormouse.regenerate") && rules == Decider.RULES) {
      record(file(rules));
    }
    KernelLake lake = KernelLake.at(dir);
    lake.createKernelTables();
    for (Map.Entry<Long, List<TableRow>> commit : events(file(rules)).entrySet()) {
      assertThat(
              lake.appendIfVersion(
                  ControlEventsTable.TABLE, commit.getKey() - 1, commit.getValue()))
          .isTrue();
    }
    lake.append(InboxTable.TABLE, rows(file(rules), InboxTable.TABLE));
    lake.append(PlanForecastsTable.TABLE, rows(file(rules), PlanForecastsTable.TABLE));
    PlanForecastReader forecasts = new PlanForecastReader(lake);
    Map<String, List<InboxMessage>> inbox = new TreeMap<>();
    Inbox.read(lake)
        .forEach(m -> inbox.computeIfAbsent(m.campaignId(), id -> new ArrayList<>()).add(m));
    assertThat(CampaignLog.read(lake).states()).hasSize(CAMPAIGNS);
    for (String id : CampaignLog.read(lake).states().keySet()) {
      List<LoggedEvent> events = CampaignLog.readWithEvents(lake, id).events();
      assertThat(events).isNotEmpty();
      assertThat(HistoryReplay.difference(events, inbox.getOrDefault(id, List.of()), forecasts::of))
          .isEmpty();
    }
  }

  private static Map<Long, List<TableRow>> events(Path file) throws IOException {
    Map<Long, List<TableRow>> commits = new TreeMap<>();
    rows(file, ControlEventsTable.TABLE)
        .forEach(
            row ->
                commits
                    .computeIfAbsent(
                        row.number(ControlEventsTable.COMMIT), any -> new ArrayList<>())
                    .add(row));
    return commits;
  }

  private static List<TableRow> rows(Path file, Table table) throws IOException {
    List<TableRow> rows = new ArrayList<>();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        Map<?, ?> values = Json.read(line, Map.class);
        if (values.get("table").equals(table.name())) {
          rows.add(row(table, values));
        }
      }
    }
    return rows;
  }

  private static TableRow row(Table table, Map<?, ?> values) {
    TableRow.Builder row = TableRow.of(table);
    for (Column column : table.columns()) {
      Object value = values.get(column.name());
      row.set(
          column.name(),
          switch (column.type()) {
            case INT -> value == null ? null : ((Number) value).intValue();
            case LONG -> value == null ? null : ((Number) value).longValue();
            case DOUBLE -> value == null ? null : ((Number) value).doubleValue();
            case TIMESTAMP -> Instant.parse((String) value);
            default -> value;
          });
    }
    return row.build();
  }

  private static void record(Path file) throws IOException {
    SimulatedWorld world = new SimulatedWorld(SEED, CAMPAIGNS, Protocol.REAL);
    assertThat(world.run().violations()).isEmpty();
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (Table table :
          List.of(ControlEventsTable.TABLE, InboxTable.TABLE, PlanForecastsTable.TABLE)) {
        for (TableRow row : world.disk().table(table).rows()) {
          Map<String, Object> values = new LinkedHashMap<>(Map.of("table", table.name()));
          table.columns().forEach(column -> values.put(column.name(), row.raw(column.name())));
          out.write((Json.write(values) + "\n").getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }
}
