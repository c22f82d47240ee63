package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.model.Digests;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes events as rows of {@code control_events} and reads them back, with their hash chain. */
final class EventCodec {
  private EventCodec() {}

  /**
   * Returns the row of an event.
   *
   * @param prevHash hash of the campaign's event before it; empty for the first
   */
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
    String kind = event.type().id();
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
   * Returns the event in a row.
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
    CampaignEvent.Type type =
        CampaignEvent.Type.fromId(kind)
            .orElseThrow(
                () ->
                    new CorruptLogException(
                        "Event "
                            + seq
                            + " of campaign "
                            + campaignId
                            + " is of kind '"
                            + kind
                            + "', which this version does not know; use a newer one"));
    return new LoggedEvent(
        campaignId,
        seq,
        commit,
        row.instant("at"),
        row.text("tick_id"),
        Json.read(row.text("payload"), type.recordClass()),
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
