package dev.dormouse.tick;

import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.InboxMessage.Header;
import dev.dormouse.io.TableStore;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.Json;
import dev.dormouse.table.TableRow;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/** The inbox of campaigns: commands append messages, the next tick reads them. */
public final class Inbox {
  private Inbox() {}

  /**
   * The part of a message that depends on its kind, and its comment.
   *
   * @param planHash the plan that is approved or rejected; else empty
   * @param capMicros the cap in micro-GPU-hours; 0 if there is none
   */
  private record Payload(String planHash, long capMicros, String comment) {}

  /** Appends a message; the next tick acts on it. */
  public static void send(TableStore store, InboxMessage message) {
    store.append(InboxTable.TABLE, List.of(encode(message)));
  }

  /** Returns all messages, oldest first. */
  public static List<InboxMessage> read(TableStore store) {
    return store.read(InboxTable.TABLE).rows().stream()
        .map(Inbox::decode)
        .sorted(
            Comparator.comparing((InboxMessage message) -> message.header().at())
                .thenComparing(InboxMessage::messageId))
        .toList();
  }

  /** Returns the row of a message. */
  static TableRow encode(InboxMessage message) {
    Header header = message.header();
    return TableRow.of(InboxTable.TABLE)
        .set("message_id", header.messageId())
        .set("campaign_id", header.campaignId())
        .set("kind", message.kind())
        .set("sent_by", header.by())
        .set("sent_at", header.at())
        .set("channel", header.channel())
        .set("payload", Json.write(message.accept(new PayloadOf())))
        .build();
  }

  /** Returns the message in a row, which an older version may have written. */
  static InboxMessage decode(TableRow row) {
    Payload payload = Json.read(row.text("payload"), Payload.class);
    Header header =
        new Header(
            row.text("message_id"),
            row.text("campaign_id"),
            row.text("sent_by"),
            row.instant("sent_at"),
            row.text("channel"),
            payload.comment());
    return switch (row.text("kind")) {
      case InboxMessage.Approve.KIND ->
          new InboxMessage.Approve(header, payload.planHash(), cap(payload));
      case InboxMessage.ApproveSmaller.KIND ->
          new InboxMessage.ApproveSmaller(header, payload.planHash(), cap(payload));
      case InboxMessage.Reject.KIND -> new InboxMessage.Reject(header, payload.planHash());
      case InboxMessage.Pause.KIND -> new InboxMessage.Pause(header);
      case InboxMessage.Resume.KIND -> new InboxMessage.Resume(header);
      case InboxMessage.Halt.KIND -> new InboxMessage.Halt(header);
      case InboxMessage.SetBudget.KIND -> new InboxMessage.SetBudget(header, payload.capMicros());
      case InboxMessage.Unreadable.KIND -> new InboxMessage.Unreadable(header);
      default -> new InboxMessage.Unknown(header, row.text("kind"));
    };
  }

  private static OptionalLong cap(Payload payload) {
    return payload.capMicros() > 0 ? OptionalLong.of(payload.capMicros()) : OptionalLong.empty();
  }

  /** Makes the payload of each kind of message. */
  private static final class PayloadOf implements InboxMessage.Visitor<Payload> {
    @Override
    public Payload approve(InboxMessage.Approve message) {
      return payload(message, message.planHash(), message.capMicros().orElse(0));
    }

    @Override
    public Payload approveSmaller(InboxMessage.ApproveSmaller message) {
      return payload(message, message.planHash(), message.capMicros().orElse(0));
    }

    @Override
    public Payload reject(InboxMessage.Reject message) {
      return payload(message, message.planHash(), 0);
    }

    @Override
    public Payload pause(InboxMessage.Pause message) {
      return payload(message, "", 0);
    }

    @Override
    public Payload resume(InboxMessage.Resume message) {
      return payload(message, "", 0);
    }

    @Override
    public Payload halt(InboxMessage.Halt message) {
      return payload(message, "", 0);
    }

    @Override
    public Payload setBudget(InboxMessage.SetBudget message) {
      return payload(message, "", message.capMicros());
    }

    @Override
    public Payload unreadable(InboxMessage.Unreadable message) {
      return payload(message, "", 0);
    }

    @Override
    public Payload unknown(InboxMessage.Unknown message) {
      return payload(message, "", 0);
    }

    private static Payload payload(InboxMessage message, String planHash, long capMicros) {
      return new Payload(planHash, capMicros, message.header().comment());
    }
  }
}
