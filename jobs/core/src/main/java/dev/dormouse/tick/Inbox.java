package dev.dormouse.tick;

import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.io.TableStore;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.TableRow;
import java.util.Comparator;
import java.util.List;

/** Messages of people to campaigns: appended by commands, read by the tick. */
public final class Inbox {
  private Inbox() {}

  /** What a message says beyond its kind. */
  private record Payload(String planHash, long capMicros, String comment) {}

  /** Appends a message; the next tick acts on it. */
  public static void send(TableStore store, InboxMessage message) {
    store.append(
        InboxTable.TABLE,
        List.of(
            TableRow.of(InboxTable.TABLE)
                .set("message_id", message.messageId())
                .set("campaign_id", message.campaignId())
                .set("kind", message.kind())
                .set("sent_by", message.by())
                .set("sent_at", message.at())
                .set("channel", message.channel())
                .set(
                    "payload",
                    Json.write(
                        new Payload(message.planHash(), message.capMicros(), message.comment())))
                .build()));
  }

  /** All messages, oldest first. */
  public static List<InboxMessage> read(TableStore store) {
    return store.read(InboxTable.TABLE).rows().stream()
        .map(Inbox::decode)
        .sorted(Comparator.comparing(InboxMessage::at).thenComparing(InboxMessage::messageId))
        .toList();
  }

  private static InboxMessage decode(TableRow row) {
    Payload payload = Json.read(row.text("payload"), Payload.class);
    return new InboxMessage(
        row.text("message_id"),
        row.text("campaign_id"),
        row.text("kind"),
        row.text("sent_by"),
        row.instant("sent_at"),
        row.text("channel"),
        payload.planHash(),
        payload.capMicros(),
        payload.comment());
  }
}
