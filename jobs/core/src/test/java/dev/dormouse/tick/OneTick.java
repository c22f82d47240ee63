package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.io.KernelLake;
import dev.dormouse.io.TableStore;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.table.Table;
import dev.dormouse.table.TableRow;
import dev.dormouse.training.LocalBackend;
import dev.dormouse.training.TrainingBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * One tick in a process of its own: {@code OneTick LAKE WORK_DIR [DEATHS]}. With a file of deaths
 * it kills itself at the first crash point, before or after anything that it does outside of
 * itself, at which no tick has died before.
 */
final class OneTick {
  private OneTick() {}

  public static void main(String[] args) {
    Clock clock = Clock.systemUTC();
    KernelLake lake = KernelLake.at(Path.of(args[0]));
    TrainingBackend backend = new LocalBackend(Path.of(args[1]), clock);
    TickServices services = TickServices.of(lake, backend, Optional.empty(), clock);
    if (args.length > 2) {
      Deaths deaths = new Deaths(Path.of(args[2]));
      services =
          new TickServices(
              new MortalStore(lake, deaths),
              new MortalBackend(backend, deaths),
              services.outbox(),
              services.marks(),
              services.rule(),
              Duration.ofSeconds(60),
              clock,
              // Snapshots, too, are something to die over.
              10,
              services.ids());
    }
    new Ticker(services).tick();
  }

  /** Crash points that somebody died at. */
  private record Deaths(Path file) {
    void point(String label) {
      try {
        if (!Files.exists(file) || !Files.readAllLines(file).contains(label)) {
          Files.writeString(
              file, label + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid()))
              .start()
              .waitFor();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The lake, with a crash point before and after each write. */
  private record MortalStore(TableStore real, Deaths deaths) implements TableStore {
    @Override
    public long version(Table table) {
      return real.version(table);
    }

    @Override
    public Read read(Table table) {
      return real.read(table);
    }

    @Override
    public Read readBetween(Table table, String column, long after, long upTo) {
      return real.readBetween(table, column, after, upTo);
    }

    @Override
    public Read readWhere(Table table, String column, String text) {
      return real.readWhere(table, column, text);
    }

    @Override
    public long append(Table table, List<TableRow> rows) {
      deaths.point("before append to " + table.name());
      long version = real.append(table, rows);
      deaths.point("after append to " + table.name());
      return version;
    }

    @Override
    public boolean appendIfVersion(Table table, long expectedVersion, List<TableRow> rows) {
      String label = "commit of " + rows.get(0).text("kind");
      deaths.point("before " + label);
      boolean won = real.appendIfVersion(table, expectedVersion, rows);
      deaths.point("after " + label);
      return won;
    }

    @Override
    public boolean appendOnce(
        Table table, String appId, long upTo, LongFunction<Optional<List<TableRow>>> rowsAfter) {
      deaths.point("before projection to " + table.name());
      boolean done = real.appendOnce(table, appId, upTo, rowsAfter);
      deaths.point("after projection to " + table.name());
      return done;
    }

    @Override
    public long lastAppVersion(Table table, String appId) {
      return real.lastAppVersion(table, appId);
    }

    @Override
    public Optional<byte[]> cached(Table table, String name) {
      return real.cached(table, name);
    }

    @Override
    public List<String> cachedNames(Table table) {
      return real.cachedNames(table);
    }

    @Override
    public void cache(Table table, String name, byte[] content) {
      String label = "file " + name.replaceAll("-.*", "");
      deaths.point("before " + label);
      real.cache(table, name, content);
      deaths.point("after " + label);
    }

    @Override
    public void dropCached(Table table, String name) {
      deaths.point("before deleting a file");
      real.dropCached(table, name);
      deaths.point("after deleting a file");
    }
  }

  /** The backend, with a crash point before and after each launch and look. */
  private record MortalBackend(TrainingBackend real, Deaths deaths) implements TrainingBackend {
    @Override
    public String launch(CampaignSpec spec, Command.Launch launch) {
      String label = "launch in " + launch.trial().phase().id();
      deaths.point("before " + label);
      String id = real.launch(spec, launch);
      deaths.point("after " + label);
      return id;
    }

    @Override
    public Observation observe(CampaignSpec spec, Attempt attempt) {
      Observation seen = real.observe(spec, attempt);
      deaths.point("after seeing " + seen.getClass().getSimpleName());
      return seen;
    }

    @Override
    public void stop(CampaignSpec spec, Command.Stop stop) {
      deaths.point("before stop");
      real.stop(spec, stop);
      deaths.point("after stop");
    }
  }
}
