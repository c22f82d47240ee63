package dev.dormouse.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.InboxMessage.Header;
import dev.dormouse.table.InboxTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InboxTest {
  private static final Header HEADER =
      new Header("m-1", "clicks", "ann", Instant.parse("2026-01-02T03:04:05Z"), "cli", "why");

  static Stream<InboxMessage> messages() {
    return Stream.of(
        new InboxMessage.Approve(HEADER, "v2-12ab", OptionalLong.empty()),
        new InboxMessage.Approve(HEADER, "v2-12ab", OptionalLong.of(7)),
        new InboxMessage.ApproveSmaller(HEADER, "v2-12ab", OptionalLong.of(7)),
        new InboxMessage.Reject(HEADER, "v2-12ab"),
        new InboxMessage.Pause(HEADER),
        new InboxMessage.Resume(HEADER),
        new InboxMessage.Halt(HEADER),
        new InboxMessage.SetBudget(HEADER, 9),
        new InboxMessage.Unreadable(HEADER));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessageComesBackAsItWasSent(InboxMessage message) {
    assertThat(Inbox.decode(Inbox.encode(message))).isEqualTo(message);
  }

  @Test
  void theTableTakesEveryKindOfMessage() {
    List<String> kinds = messages().map(InboxMessage::kind).distinct().toList();
    assertThat(kinds).containsExactlyInAnyOrderElementsOf(InboxTable.KINDS);
  }

  @Test
  void aRowLooksAsInOlderVersions() {
    TableRow row = Inbox.encode(new InboxMessage.Approve(HEADER, "12ab", OptionalLong.empty()));
    assertThat(row.text("kind")).isEqualTo("approve");
    assertThat(row.text("sent_by")).isEqualTo("ann");
    assertThat(row.text("payload"))
        .isEqualTo("{\"planHash\":\"12ab\",\"capMicros\":0,\"comment\":\"why\"}");
    assertThat(Inbox.encode(new InboxMessage.Pause(HEADER)).text("payload"))
        .isEqualTo("{\"planHash\":\"\",\"capMicros\":0,\"comment\":\"why\"}");
  }
}
