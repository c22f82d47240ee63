package dev.dormouse.learn;

import dev.dormouse.io.TableStore;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.PapersTable;
import dev.dormouse.table.RunMetricsTable;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.Table;
import dev.dormouse.tick.CampaignNews;
import dev.dormouse.tick.CampaignNews.Ended;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the lake held when everything in it had been learnt. It is kept in a file that can be lost:
 * then the next learning finds that nothing changed.
 *
 * @param versions versions of the tables that plans rest on
 * @param ended names of the campaigns that were over
 * @param waiting the plan that waited for approval, by campaign
 */
record LearnMark(
    SortedMap<String, Long> versions, List<String> ended, SortedMap<String, String> waiting) {
  private static final List<Table> INPUTS =
      List.of(RunsTable.TABLE, RunMetricsTable.TABLE, PapersTable.TABLE);

  private static final String FILE = "learnt";

  LearnMark {
    versions = new TreeMap<>(versions);
    ended = List.copyOf(ended);
    waiting = new TreeMap<>(waiting);
  }

  /** Returns what the lake holds now. */
  static LearnMark of(TableStore lake, CampaignNews news) {
    TreeMap<String, Long> versions = new TreeMap<>();
    INPUTS.forEach(table -> versions.put(table.name(), lake.version(table)));
    TreeMap<String, String> waiting = new TreeMap<>();
    news.waiting().forEach(w -> waiting.put(w.spec().campaignId(), w.planHash()));
    return new LearnMark(
        versions, news.ended().stream().map(e -> e.spec().campaignId()).toList(), waiting);
  }

  /** Returns the mark of the last learning; empty if there is none that can be read. */
  static Optional<LearnMark> last(TableStore lake) {
    return lake.cached(ControlEventsTable.TABLE, FILE)
        .map(bytes -> Json.read(new String(bytes, StandardCharsets.UTF_8), LearnMark.class));
  }

  void write(TableStore lake) {
    lake.cache(ControlEventsTable.TABLE, FILE, Json.write(this).getBytes(StandardCharsets.UTF_8));
  }

  LearnMark withWaiting(String campaign, String planHash) {
    TreeMap<String, String> more = new TreeMap<>(waiting);
    more.put(campaign, planHash);
    return new LearnMark(versions, ended, more);
  }

  /** Returns the campaigns that ended since then. */
  static List<Ended> endedSince(Optional<LearnMark> last, CampaignNews news) {
    List<String> before = last.map(LearnMark::ended).orElse(List.of());
    return news.ended().stream().filter(e -> !before.contains(e.spec().campaignId())).toList();
  }
}
