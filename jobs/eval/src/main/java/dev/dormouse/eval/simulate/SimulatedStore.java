package dev.dormouse.eval.simulate;

import dev.dormouse.io.LakeException;
import dev.dormouse.io.TableStore;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** The disk as one process reaches it: it may be full, and replies may be lost. */
final class SimulatedStore implements TableStore {
  private static final double LOST_REPLY = 0.02;
  private static final double DAMAGE = 0.02;

  private final SimulatedDisk disk;
  private final SimulatedProcess process;
  private final Chaos chaos;
  private final boolean full;

  /**
   * Creates one process's view of the disk.
   *
   * @param full whether every write fails
   */
  SimulatedStore(SimulatedDisk disk, SimulatedProcess process, Chaos chaos, boolean full) {
    this.disk = disk;
    this.process = process;
    this.chaos = chaos;
    this.full = full;
  }

  @Override
  public long version(Table table) {
    process.point("version");
    return disk.table(table).version();
  }

  @Override
  public Read read(Table table) {
    process.point("read");
    SimulatedDisk.Stored stored = disk.table(table);
    return new Read(stored.version(), stored.rows());
  }

  @Override
  public Read readWhere(Table table, String column, String text) {
    Read all = read(table);
    return new Read(
        all.version(),
        all.rows().stream()
            .filter(row -> row.optionalText(column).filter(text::equals).isPresent())
            .toList());
  }

  @Override
  public Read readBetween(Table table, String column, long after, long upTo) {
    process.point("read");
    SimulatedDisk.Stored stored = disk.table(table);
    List<TableRow> rows = new ArrayList<>();
    // Newest first and only as far as needed, like the real store, which skips files by statistics.
    for (int i = stored.commits.size() - 1; i > 0; i--) {
      List<TableRow> commit = stored.commits.get(i);
      for (TableRow row : commit) {
        long number = row.number(column);
        if (number > after && number <= upTo) {
          rows.add(row);
        }
      }
      if (!commit.isEmpty() && commit.get(0).number(column) <= after) {
        break;
      }
    }
    return new Read(stored.version(), rows);
  }

  @Override
  public long append(Table table, List<TableRow> rows) {
    if (!rows.isEmpty()) {
      write(table, rows);
    }
    return disk.table(table).version();
  }

  @Override
  public boolean appendIfVersion(Table table, long expectedVersion, List<TableRow> rows) {
    process.point("before compare-and-swap");
    refuseIfFull(table);
    if (disk.table(table).version() != expectedVersion) {
      return false;
    }
    if (!rows.isEmpty()) {
      disk.commit(table, rows);
      reply(table);
    }
    return true;
  }

  @Override
  public boolean appendOnce(
      Table table, String appId, long upTo, LongFunction<Optional<List<TableRow>>> rowsAfter) {
    SimulatedDisk.Stored stored = disk.table(table);
    while (true) {
      process.point("before append once");
      long done = stored.appVersions.getOrDefault(appId, -1L);
      if (done >= upTo) {
        return false;
      }
      Optional<List<TableRow>> rows = rowsAfter.apply(done);
      if (rows.isEmpty()) {
        return false;
      }
      process.point("before commit of append once");
      refuseIfFull(table);
      if (stored.appVersions.getOrDefault(appId, -1L) == done) {
        stored.appVersions.put(appId, upTo);
        disk.commit(table, rows.get());
        reply(table);
        return true;
      }
    }
  }

  @Override
  public long lastAppVersion(Table table, String appId) {
    process.point("last app version");
    return disk.table(table).appVersions.getOrDefault(appId, -1L);
  }

  private void write(Table table, List<TableRow> rows) {
    process.point("before append");
    refuseIfFull(table);
    disk.commit(table, rows);
    reply(table);
  }

  private void refuseIfFull(Table table) {
    if (full) {
      throw new LakeException("Cannot write " + table.name() + ": no space left on device", null);
    }
  }

  /** Returns to the writer after a commit, unless the reply is lost. */
  private void reply(Table table) {
    process.point("after commit");
    if (chaos.occurs(Chaos.Fault.LOST_COMMIT_REPLY, LOST_REPLY)) {
      throw new LakeException("No answer after writing " + table.name(), null);
    }
  }

  @Override
  public Optional<byte[]> cached(Table table, String name) {
    process.point("read file");
    return Optional.ofNullable(disk.table(table).files.get(name)).map(byte[]::clone);
  }

  @Override
  public List<String> cachedNames(Table table) {
    process.point("list files");
    return List.copyOf(disk.table(table).files.keySet());
  }

  @Override
  public void cache(Table table, String name, byte[] content) {
    process.point("before file");
    refuseIfFull(table);
    byte[] written = content.clone();
    if (name.startsWith("snapshot") && chaos.occurs(Chaos.Fault.DAMAGED_CACHE, DAMAGE)) {
      written[chaos.random().nextInt(written.length)] ^= 0x55;
    }
    disk.table(table).files.put(name, written);
    process.point("after file");
  }

  @Override
  public void dropCached(Table table, String name) {
    process.point("delete file");
    disk.table(table).files.remove(name);
  }
}
