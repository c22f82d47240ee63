package dev.dormouse.io;

import dev.dormouse.table.InboxTable;
import dev.dormouse.table.TableRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A process that competes for the versions of the inbox and notes those that it won. */
final class RacingWriter {
  private RacingWriter() {}

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    KernelLake lake = KernelLake.at(root);
    long rounds = Long.parseLong(args[2]);
    List<String> won = new ArrayList<>();
    for (long version = lake.version(InboxTable.TABLE);
        version < rounds;
        version = lake.version(InboxTable.TABLE)) {
      List<TableRow> rows = List.of(row(Long.toString(version)));
      if (lake.appendIfVersion(InboxTable.TABLE, version, rows)) {
        won.add(Long.toString(version));
      }
    }
    Files.write(root.resolve(args[1] + ".wins"), won);
  }

  static TableRow row(String messageId) {
    return TableRow.of(InboxTable.TABLE)
        .set("message_id", messageId)
        .set("campaign_id", "c")
        .set("kind", "halt")
        .set("sent_by", "ann")
        .set("sent_at", Instant.EPOCH)
        .set("channel", "cli")
        .set("payload", "{}")
        .build();
  }
}
