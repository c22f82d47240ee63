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
 * Checks every commit and every start of a training against the invariants, and collects
 * violations. It keeps its own record of each campaign from the rows as written: it shares no code
 * with what it checks.
 */
final class Checker {
  private static final int MOST_COMMITS_PER_TICK = 2;

  private final List<String> violations = new ArrayList<>();
  private final Map<String, CampaignRecord> campaigns = new TreeMap<>();
  private final Map<String, Integer> starts = new HashMap<>();
  private final Map<String, Message> messages = new HashMap<>();
  private final Map<String, Integer> commitsByTick = new HashMap<>();
  private SimulatedCluster cluster;
  private long commits;
  private long events;

  /** A message of a user to a campaign. */
  private record Message(String campaignId, String kind, String payload) {}

  /** One campaign, as its events describe it. */
  private static final class CampaignRecord {
    private long seq;
    private String hash = "";
    private String status = "none";
    private String planHash = "";
    private long planCap;
    private long cap;
    private long committedMicros;
    private final Map<String, AttemptRecord> attempts = new HashMap<>();
    private final Set<String> acked = new HashSet<>();

    /** Kinds of message whose effect is recorded in this commit. */
    private final List<String> effects = new ArrayList<>();
  }

  /** One attempt of a trial. */
  private static final class AttemptRecord {
    private final long reserved;
    private boolean open = true;
    private boolean released;
    private int results;

    AttemptRecord(long reserved) {
      this.reserved = reserved;
    }
  }

  void observeCluster(SimulatedCluster observed) {
    cluster = observed;
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

  private void require(boolean holds, String violation) {
    if (!holds) {
      violation(violation);
    }
  }

  /** Checks a commit to any table. */
  void committed(Table table, List<TableRow> rows) {
    if (table.equals(InboxTable.TABLE)) {
      rows.forEach(
          row ->
              messages.put(
                  row.text("message_id"),
                  new Message(row.text("campaign_id"), row.text("kind"), row.text("payload"))));
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
        require(count <= MOST_COMMITS_PER_TICK, tick + " committed " + count + " times");
      }
      campaigns.values().forEach(campaign -> campaign.effects.clear());
      rows.forEach(this::event);
    }
  }

  private void event(TableRow row) {
    events++;
    String id = row.text("campaign_id");
    CampaignRecord campaign = campaigns.computeIfAbsent(id, any -> new CampaignRecord());
    require(row.number("seq") == campaign.seq + 1, id + ": event numbers have a gap");
    require(row.text("prev_hash").equals(campaign.hash), id + ": the chain is broken");
    require(row.number(ControlEventsTable.COMMIT) == commits, id + ": wrong commit number");
    campaign.seq = row.number("seq");
    campaign.hash = row.text("hash");
    JsonNode event = json(row.text("payload"));
    switch (row.text("kind")) {
      case "created" -> requireTransition(campaign, id, Set.of("none"), "created");
      case "planned" -> {
        requireTransition(campaign, id, Set.of("created", "waiting"), "waiting");
        campaign.planHash = event.path("planHash").asText();
        campaign.planCap = event.path("plan").path("capMicros").asLong();
      }
      case "approved" -> approved(campaign, id, event);
      case "intent" -> intent(campaign, id, event);
      case "settled" -> settled(campaign, id, event);
      case "released" -> released(campaign, id, event);
      case "commanded" -> commanded(campaign, id, event);
      case "inbox_acked" -> answered(campaign, id, event);
      case "quarantined" ->
          requireTransition(
              campaign,
              id,
              Set.of("created", "waiting", "running", "paused", "halted"),
              "quarantined");
      case "finished" -> {
        requireTransition(campaign, id, Set.of("running"), "finished");
        require(
            campaign.attempts.values().stream().noneMatch(attempt -> attempt.open),
            id + " finished while runs were open");
      }
      default -> {
        // Other kinds have no invariant of their own.
      }
    }
    require(
        campaign.cap == 0 || campaign.committedMicros <= campaign.cap,
        id + " spends or reserves beyond its cap");
  }

  private void requireTransition(CampaignRecord campaign, String id, Set<String> from, String to) {
    require(from.contains(campaign.status), id + " goes from " + campaign.status + " to " + to);
    campaign.status = to;
  }

  private void approved(CampaignRecord campaign, String id, JsonNode event) {
    requireTransition(campaign, id, Set.of("waiting"), "running");
    String planHash = event.path("planHash").asText();
    require(
        planHash.equals(campaign.planHash), id + " is approved for a plan that is not its newest");
    campaign.cap = event.path("capMicros").asLong();
    boolean asked =
        messages.entrySet().stream()
            .filter(message -> !campaign.acked.contains(message.getKey()))
            .map(Map.Entry::getValue)
            .filter(message -> message.campaignId().equals(id))
            .filter(message -> message.kind().equals("approve"))
            .map(message -> json(message.payload()))
            .anyMatch(
                payload ->
                    payload.path("planHash").asText().equals(planHash)
                        && (payload.path("capMicros").asLong() == campaign.cap
                            || (payload.path("capMicros").asLong() == 0
                                && campaign.cap == campaign.planCap)));
    require(asked, id + " is approved though nobody approved this plan with this cap");
    campaign.effects.add("approve");
  }

  private void commanded(CampaignRecord campaign, String id, JsonNode event) {
    String kind = event.path("kind").asText();
    switch (kind) {
      case "pause" -> requireTransition(campaign, id, Set.of("running"), "paused");
      case "resume" ->
          requireTransition(campaign, id, Set.of("paused", "quarantined"), resumed(campaign));
      case "halt" ->
          requireTransition(
              campaign,
              id,
              Set.of("created", "waiting", "running", "paused", "quarantined"),
              "halted");
      case "budget" -> campaign.cap = event.path("capMicros").asLong();
      default -> violation(id + " obeys an unknown command " + kind);
    }
    campaign.effects.add(kind);
  }

  private static String resumed(CampaignRecord campaign) {
    return campaign.cap > 0 ? "running" : campaign.planHash.isEmpty() ? "created" : "waiting";
  }

  private void answered(CampaignRecord campaign, String id, JsonNode event) {
    String messageId = event.path("messageId").asText();
    Message message = messages.get(messageId);
    require(campaign.acked.add(messageId), id + " answers " + messageId + " twice");
    require(message != null, id + " answers a message that nobody sent");
    if (message != null && event.path("accepted").asBoolean()) {
      require(
          campaign.effects.remove(message.kind()),
          id + " says that it obeyed " + messageId + " but did not");
    }
  }

  private void intent(CampaignRecord campaign, String id, JsonNode event) {
    String runId = runId(id, event.path("trial").path("trialId").asText(), event);
    require(
        campaign.status.equals("running"), id + " intends to train while it is " + campaign.status);
    require(!campaign.attempts.containsKey(runId), runId + " is intended twice");
    AttemptRecord attempt = new AttemptRecord(event.path("reservedMicros").asLong());
    campaign.attempts.put(runId, attempt);
    campaign.committedMicros += attempt.reserved;
  }

  private void settled(CampaignRecord campaign, String id, JsonNode event) {
    String runId = runId(id, event.path("trialId").asText(), event);
    AttemptRecord attempt = closed(campaign, runId);
    long cost = event.path("outcome").path("costMicros").asLong();
    TrialKey key = new TrialKey(id, event.path("trialId").asText(), event.path("attempt").asInt());
    require(cluster.hasEnded(key), runId + " is settled before it has ended");
    if (attempt != null) {
      attempt.results++;
      campaign.committedMicros += cost - attempt.reserved;
      boolean vanished = event.path("outcome").path("rule").asText().equals("vanished");
      long real = vanished ? attempt.reserved : Math.min(cluster.costMicros(key), attempt.reserved);
      require(cost == real, runId + " is settled with another cost than it had");
    }
  }

  private void released(CampaignRecord campaign, String id, JsonNode event) {
    String runId = runId(id, event.path("trialId").asText(), event);
    AttemptRecord attempt = closed(campaign, runId);
    TrialKey key = new TrialKey(id, event.path("trialId").asText(), event.path("attempt").asInt());
    require(!cluster.hasStarted(key), runId + " is released though it trains");
    if (attempt != null) {
      attempt.released = true;
      campaign.committedMicros -= attempt.reserved;
    }
  }

  private AttemptRecord closed(CampaignRecord campaign, String runId) {
    AttemptRecord attempt = campaign.attempts.get(runId);
    require(attempt != null, runId + " ends without having been intended");
    if (attempt != null) {
      require(attempt.open, runId + " ends twice");
      attempt.open = false;
    }
    return attempt;
  }

  /** Checks the start of a training. */
  void started(TrialKey key) {
    CampaignRecord campaign = campaigns.get(key.campaignId());
    AttemptRecord attempt = campaign == null ? null : campaign.attempts.get(key.runId());
    require(attempt != null, key.runId() + " trains without an intent");
    require(
        starts.merge(key.runId(), 1, Integer::sum) == 1, key.runId() + " trains more than once");
    if (attempt != null) {
      require(!attempt.released, key.runId() + " trains after it was released");
    }
  }

  /** Checks a campaign that should have ended, after faults have stopped. */
  void atEnd(String campaignId) {
    CampaignRecord campaign = campaigns.get(campaignId);
    campaign.attempts.forEach(
        (runId, attempt) -> {
          require(!attempt.open, runId + " is still open at the end");
          require(
              !starts.containsKey(runId) || attempt.results == 1,
              runId + " trained but has " + attempt.results + " results");
        });
  }

  /** Returns the ids of a campaign's runs that have a result. */
  Set<String> results(String campaignId) {
    Set<String> runIds = new HashSet<>();
    campaigns
        .get(campaignId)
        .attempts
        .forEach(
            (runId, attempt) -> {
              if (attempt.results > 0) {
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
