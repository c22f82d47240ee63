package dev.dormouse.eval.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches every commit and every training that begins, and says what should not have been. It keeps
 * books of its own, from the rows as written: it shares no code with what it checks.
 */
final class Checker {
  private static final int MOST_COMMITS_A_TICK = 2;

  private final List<String> violations = new ArrayList<>();
  private final Map<String, Books> campaigns = new TreeMap<>();
  private final Map<String, Integer> starts = new HashMap<>();
  private final Map<String, JsonNode> messages = new HashMap<>();
  private final Map<String, Integer> commitsByTick = new HashMap<>();
  private SimulatedCluster cluster;
  private long commits;
  private long events;

  /** What is known of one campaign. */
  private static final class Books {
    private long seq;
    private String hash = "";
    private String status = "none";
    private String planHash = "";
    private long planCap;
    private long cap;
    private long bound;
    private final Map<String, Entry> attempts = new HashMap<>();
    private final Set<String> acked = new HashSet<>();

    /** Kinds of message whose effect this commit has recorded. */
    private final List<String> effects = new ArrayList<>();
  }

  /** One attempt. */
  private static final class Entry {
    private final long reserved;
    private boolean open = true;
    private boolean released;
    private int results;

    Entry(long reserved) {
      this.reserved = reserved;
    }
  }

  void watch(SimulatedCluster watched) {
    cluster = watched;
  }

  List<String> violations() {
    return violations;
  }

  long events() {
    return events;
  }

  void violation(String what) {
    violations.add(what);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      violation(otherwise);
    }
  }

  /** A commit of any table. */
  void committed(Table table, List<TableRow> rows) {
    if (table.equals(InboxTable.TABLE)) {
      rows.forEach(
          row ->
              messages.put(
                  row.text("message_id"),
                  Json.mapper()
                      .createObjectNode()
                      .put("campaign", row.text("campaign_id"))
                      .put("kind", row.text("kind"))
                      .put("by", row.text("sent_by"))
                      .put("payload", row.text("payload"))));
    }
    for (TableRow row : rows) {
      require(
          !row.toString().contains(SimulatedCluster.SECRET), "a secret stands in " + table.name());
    }
    if (table.equals(ControlEventsTable.TABLE)) {
      commits++;
      require(!rows.isEmpty(), "an empty commit");
      String tick = rows.get(0).text("tick_id");
      if (tick.startsWith("tick-")) {
        int count = commitsByTick.merge(tick, 1, Integer::sum);
        require(count <= MOST_COMMITS_A_TICK, tick + " committed " + count + " times");
      }
      campaigns.values().forEach(books -> books.effects.clear());
      rows.forEach(this::event);
    }
  }

  private void event(TableRow row) {
    events++;
    String id = row.text("campaign_id");
    Books books = campaigns.computeIfAbsent(id, any -> new Books());
    require(row.number("seq") == books.seq + 1, id + ": event numbers have a gap");
    require(row.text("prev_hash").equals(books.hash), id + ": the chain is broken");
    require(row.number(ControlEventsTable.COMMIT) == commits, id + ": wrong commit number");
    books.seq = row.number("seq");
    books.hash = row.text("hash");
    JsonNode event = json(row.text("payload"));
    switch (row.text("kind")) {
      case "created" -> move(books, id, Set.of("none"), "created");
      case "planned" -> {
        move(books, id, Set.of("created", "waiting"), "waiting");
        books.planHash = event.path("planHash").asText();
        books.planCap = event.path("plan").path("capMicros").asLong();
      }
      case "approved" -> approved(books, id, event);
      case "intent" -> intent(books, id, event);
      case "settled" -> settled(books, id, event);
      case "released" -> released(books, id, event);
      case "commanded" -> commanded(books, id, event);
      case "inbox_acked" -> answered(books, id, event);
      case "quarantined" ->
          move(
              books,
              id,
              Set.of("created", "waiting", "running", "paused", "halted"),
              "quarantined");
      case "finished" -> {
        move(books, id, Set.of("running"), "finished");
        require(
            books.attempts.values().stream().noneMatch(attempt -> attempt.open),
            id + " finished while runs were open");
      }
      default -> {
        // Says nothing that could be wrong.
      }
    }
    require(books.cap == 0 || books.bound <= books.cap, id + " spends or reserves beyond its cap");
  }

  private void move(Books books, String id, Set<String> from, String to) {
    require(from.contains(books.status), id + " goes from " + books.status + " to " + to);
    books.status = to;
  }

  private void approved(Books books, String id, JsonNode event) {
    move(books, id, Set.of("waiting"), "running");
    String planHash = event.path("planHash").asText();
    require(planHash.equals(books.planHash), id + " is approved for a plan that is not its newest");
    books.cap = event.path("capMicros").asLong();
    boolean asked =
        messages.entrySet().stream()
            .filter(message -> !books.acked.contains(message.getKey()))
            .map(Map.Entry::getValue)
            .filter(message -> message.path("campaign").asText().equals(id))
            .filter(message -> message.path("kind").asText().equals("approve"))
            .map(message -> json(message.path("payload").asText()))
            .anyMatch(
                payload ->
                    payload.path("planHash").asText().equals(planHash)
                        && (payload.path("capMicros").asLong() == books.cap
                            || (payload.path("capMicros").asLong() == 0
                                && books.cap == books.planCap)));
    require(asked, id + " is approved though nobody approved this plan with this cap");
    books.effects.add("approve");
  }

  private void commanded(Books books, String id, JsonNode event) {
    String kind = event.path("kind").asText();
    switch (kind) {
      case "pause" -> move(books, id, Set.of("running"), "paused");
      case "resume" -> move(books, id, Set.of("paused", "quarantined"), resumed(books));
      case "halt" ->
          move(
              books,
              id,
              Set.of("created", "waiting", "running", "paused", "quarantined"),
              "halted");
      case "budget" -> books.cap = event.path("capMicros").asLong();
      default -> violation(id + " obeys an unknown command " + kind);
    }
    books.effects.add(kind);
  }

  private static String resumed(Books books) {
    return books.cap > 0 ? "running" : books.planHash.isEmpty() ? "created" : "waiting";
  }

  private void answered(Books books, String id, JsonNode event) {
    String messageId = event.path("messageId").asText();
    JsonNode message = messages.get(messageId);
    require(books.acked.add(messageId), id + " answers " + messageId + " twice");
    require(message != null, id + " answers a message that nobody sent");
    if (message != null && event.path("accepted").asBoolean()) {
      require(
          books.effects.remove(message.path("kind").asText()),
          id + " says that it obeyed " + messageId + " but did not");
    }
  }

  private void intent(Books books, String id, JsonNode event) {
    String runId = runId(id, event.path("trial").path("trialId").asText(), event);
    require(books.status.equals("running"), id + " intends to train while it is " + books.status);
    require(!books.attempts.containsKey(runId), runId + " is intended twice");
    Entry entry = new Entry(event.path("reservedMicros").asLong());
    books.attempts.put(runId, entry);
    books.bound += entry.reserved;
  }

  private void settled(Books books, String id, JsonNode event) {
    String runId = runId(id, event.path("trialId").asText(), event);
    Entry entry = closed(books, runId);
    long cost = event.path("outcome").path("costMicros").asLong();
    TrialKey key = new TrialKey(id, event.path("trialId").asText(), event.path("attempt").asInt());
    require(cluster.hasEnded(key), runId + " is settled before it has ended");
    if (entry != null) {
      entry.results++;
      books.bound += cost - entry.reserved;
      boolean vanished = event.path("outcome").path("rule").asText().equals("vanished");
      long real = vanished ? entry.reserved : Math.min(cluster.costMicros(key), entry.reserved);
      require(cost == real, runId + " is settled with another cost than it had");
    }
  }

  private void released(Books books, String id, JsonNode event) {
    String runId = runId(id, event.path("trialId").asText(), event);
    Entry entry = closed(books, runId);
    TrialKey key = new TrialKey(id, event.path("trialId").asText(), event.path("attempt").asInt());
    require(!cluster.hasStarted(key), runId + " is released though it trains");
    if (entry != null) {
      entry.released = true;
      books.bound -= entry.reserved;
    }
  }

  private Entry closed(Books books, String runId) {
    Entry entry = books.attempts.get(runId);
    require(entry != null, runId + " ends without having been intended");
    if (entry != null) {
      require(entry.open, runId + " ends twice");
      entry.open = false;
    }
    return entry;
  }

  /** A training begins. */
  void started(TrialKey key) {
    Books books = campaigns.get(key.campaignId());
    Entry entry = books == null ? null : books.attempts.get(key.runId());
    require(entry != null, key.runId() + " trains without an intent");
    require(
        starts.merge(key.runId(), 1, Integer::sum) == 1, key.runId() + " trains more than once");
    if (entry != null) {
      require(!entry.released, key.runId() + " trains after it was released");
    }
  }

  /** Checked once nothing goes wrong any more and every campaign should have ended. */
  void atEnd(String campaignId) {
    Books books = campaigns.get(campaignId);
    books.attempts.forEach(
        (runId, entry) -> {
          require(!entry.open, runId + " is still open at the end");
          require(
              !starts.containsKey(runId) || entry.results == 1,
              runId + " trained but has " + entry.results + " results");
        });
  }

  /** The runs of a campaign that have a result. */
  Set<String> results(String campaignId) {
    Set<String> runIds = new HashSet<>();
    campaigns
        .get(campaignId)
        .attempts
        .forEach(
            (runId, entry) -> {
              if (entry.results > 0) {
                runIds.add(runId);
              }
            });
    return runIds;
  }

  private static String runId(String campaignId, String trialId, JsonNode event) {
    return new TrialKey(campaignId, trialId, event.path("attempt").asInt()).runId();
  }

  private static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event is no JSON: " + text, e);
    }
  }
}
