package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.model.Digests;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Events as rows of {@code control_events} and back, with their hash chain. */
final class EventCodec {
  // Kinds are stored: never rename one.
  private static final Map<String, Class<? extends CampaignEvent>> TYPES =
      List.<Class<? extends CampaignEvent>>of(
              CampaignEvent.Created.class,
              CampaignEvent.Planned.class,
              CampaignEvent.Approved.class,
              CampaignEvent.PhaseStarted.class,
              CampaignEvent.Intent.class,
              CampaignEvent.Launched.class,
              CampaignEvent.Abandoned.class,
              CampaignEvent.Settled.class,
              CampaignEvent.Released.class,
              CampaignEvent.Diagnosed.class,
              CampaignEvent.Commanded.class,
              CampaignEvent.InboxAcked.class,
              CampaignEvent.OutboxAcked.class,
              CampaignEvent.Hindered.class,
              CampaignEvent.Struck.class,
              CampaignEvent.Quarantined.class,
              CampaignEvent.Finished.class)
          .stream()
          .collect(Collectors.toMap(EventCodec::kind, Function.identity()));

  private EventCodec() {}

  /** The stored name of an event, e.g. {@code phase_started}. */
  static String kind(CampaignEvent event) {
    return kind(event.getClass());
  }

  private static String kind(Class<? extends CampaignEvent> type) {
    return type.getSimpleName().replaceAll("(?<!^)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** The row of an event that follows another with hash {@code prevHash} (empty for the first). */
  static TableRow encode(
      String campaignId,
      long seq,
      long commit,
      Instant at,
      String tickId,
      CampaignEvent event,
      String prevHash) {
    // The lake keeps microseconds; the hash must be of what is read back.
    Instant stored = at.truncatedTo(ChronoUnit.MICROS);
    String payload = Json.write(event);
    String kind = kind(event);
    return TableRow.of(ControlEventsTable.TABLE)
        .set("campaign_id", campaignId)
        .set("seq", seq)
        .set(ControlEventsTable.COMMIT, commit)
        .set("kind", kind)
        .set("at", stored)
        .set("tick_id", tickId)
        .set("payload", payload)
        .set("prev_hash", prevHash)
        .set("hash", hash(prevHash, campaignId, seq, commit, kind, stored, tickId, payload))
        .build();
  }

  /**
   * The event in a row.
   *
   * @throws CorruptLogException if the row does not have the hash of its content or its kind is
   *     unknown
   */
  static LoggedEvent decode(TableRow row) {
    String campaignId = row.text("campaign_id");
    long seq = row.number("seq");
    long commit = row.number(ControlEventsTable.COMMIT);
    String kind = row.text("kind");
    String expected =
        hash(
            row.text("prev_hash"),
            campaignId,
            seq,
            commit,
            kind,
            row.instant("at"),
            row.text("tick_id"),
            row.text("payload"));
    if (!expected.equals(row.text("hash"))) {
      throw new CorruptLogException(
          "Event " + seq + " of campaign " + campaignId + " was changed after it was written");
    }
    Class<? extends CampaignEvent> type = TYPES.get(kind);
    if (type == null) {
      throw new CorruptLogException(
          "Event "
              + seq
              + " of campaign "
              + campaignId
              + " is of kind '"
              + kind
              + "', which this version does not know; use a newer one");
    }
    return new LoggedEvent(
        campaignId,
        seq,
        commit,
        row.instant("at"),
        row.text("tick_id"),
        Json.read(row.text("payload"), type),
        row.text("prev_hash"),
        expected);
  }

  private static String hash(
      String prevHash,
      String campaignId,
      long seq,
      long commit,
      String kind,
      Instant at,
      String tickId,
      String payload) {
    return Digests.sha256(
        String.join(
            "\n",
            prevHash,
            campaignId,
            Long.toString(seq),
            Long.toString(commit),
            kind,
            at.toString(),
            tickId,
            payload));
  }
}
