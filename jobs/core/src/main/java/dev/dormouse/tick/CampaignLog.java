package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.io.TableStore;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.TableRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The log of all campaigns as of one version: verified, folded into states, and appended to by
 * compare-and-swap.
 *
 * <p>Verification requires that every commit up to the version holds events, that events of a
 * campaign are numbered without gaps and chained by their hashes, and that every transition is
 * legal. Reading begins at the newest {@link Snapshot}, which stands for all commits before it.
 */
public final class CampaignLog {
  /** Number of commits held in memory at a time while a long log is read. */
  private static final long COMMITS_AT_A_TIME = 256;

  private static final int MOST_EVENTS_HELD = 50_000;
  private static final int WORTH_TWO_THREADS = 2_000;

  /** The version of a missing log. */
  private static final long NOTHING = -1;

  /** Cached file with the newest version: a log that lost its end cannot tell this itself. */
  private static final String HEAD = "head";

  private final TableStore store;
  private final long version;
  private final long since;
  private final long tailSince;
  private final Map<String, Chain> chains;
  private final List<LoggedEvent> tail;

  private CampaignLog(
      TableStore store,
      long version,
      long since,
      long tailSince,
      Map<String, Chain> chains,
      List<LoggedEvent> tail) {
    this.store = store;
    this.version = version;
    this.since = since;
    this.tailSince = tailSince;
    this.chains = Collections.unmodifiableMap(chains);
    this.tail = List.copyOf(tail);
  }

  /** A campaign's state and the hash of its last event. */
  record Chain(CampaignState state, String hash) {
    static Chain unknown(String campaignId) {
      return new Chain(CampaignState.unknown(campaignId), "");
    }
  }

  /**
   * Reads and verifies the newest version.
   *
   * @throws CorruptLogException if it does not verify
   */
  public static CampaignLog read(TableStore store) {
    // Read before the log, which may grow meanwhile.
    long head = head(store);
    Optional<Snapshot> snapshot = Snapshot.newest(store);
    long start = snapshot.map(Snapshot::version).orElse(NOTHING);
    Map<String, Chain> chains = snapshot.map(Snapshot::chains).orElse(Map.of());
    CampaignLog log = new CampaignLog(store, start, start, start, chains, List.of()).refreshed();
    log.requireReached(head);
    return log;
  }

  private static long head(TableStore store) {
    return store
        .cached(ControlEventsTable.TABLE, HEAD)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(text -> text.matches("\\d{1,18}"))
        .map(Long::parseLong)
        .orElse(NOTHING);
  }

  private void requireReached(long head) {
    if (version < head) {
      throw shortened(version, head);
    }
  }

  private static CorruptLogException shortened(long now, long before) {
    return new CorruptLogException(
        "The log of campaigns ends at commit "
            + now
            + " but reached commit "
            + before
            + " before: commits are missing. Nothing is decided on a shortened log; see 'dormouse doctor'");
  }

  /** Reads and verifies the newest version from its start, without snapshots. */
  public static CampaignLog readFromStart(TableStore store) {
    return empty(store).refreshed();
  }

  private static CampaignLog empty(TableStore store) {
    return new CampaignLog(store, NOTHING, NOTHING, NOTHING, Map.of(), List.of());
  }

  /**
   * Returns the newest version of this log; reads only the commits after this one.
   *
   * @throws CorruptLogException if it does not verify
   */
  public CampaignLog refreshed() {
    return refreshed(read -> {});
  }

  private CampaignLog refreshed(Consumer<List<LoggedEvent>> observer) {
    Folding folding = new Folding(chains);
    Tail newTail = new Tail(tailSince, tail);
    long newest =
        readAfter(
            store,
            version,
            read -> {
              read.forEach(folding::add);
              newTail.add(read);
              observer.accept(read);
            });
    if (newest < version) {
      throw shortened(newest, version);
    }
    return new CampaignLog(store, newest, since, newTail.since, folding.chains(), newTail.events);
  }

  /** The newest events, up to a limit. */
  private static final class Tail {
    private long since;
    private final List<LoggedEvent> events;

    Tail(long since, List<LoggedEvent> events) {
      this.since = since;
      this.events = new ArrayList<>(events);
    }

    void add(List<LoggedEvent> more) {
      if (!events.isEmpty() && events.size() + more.size() > MOST_EVENTS_HELD) {
        since = events.get(events.size() - 1).commit();
        events.clear();
      }
      events.addAll(more);
    }
  }

  /**
   * A verified log with events, from one read.
   *
   * @param log the log
   * @param events the requested events, in order of commit
   */
  public record WithEvents(CampaignLog log, List<LoggedEvent> events) {
    public WithEvents {
      events = List.copyOf(events);
    }
  }

  /**
   * Reads and verifies the newest version from its start, with all events of one campaign; none if
   * there is no such campaign.
   *
   * @throws CorruptLogException if it does not verify
   */
  public static WithEvents readWithEvents(TableStore store, String campaignId) {
    return readWithEvents(store, event -> event.campaignId().equals(campaignId));
  }

  /**
   * Reads and verifies the newest version from its start, with all events of all campaigns.
   *
   * @throws CorruptLogException if it does not verify
   */
  public static WithEvents readWithEvents(TableStore store) {
    return readWithEvents(store, event -> true);
  }

  /**
   * Reads and verifies the newest version from its start, with the events that are asked for.
   *
   * @throws CorruptLogException if it does not verify
   */
  static WithEvents readWithEvents(TableStore store, Predicate<LoggedEvent> kept) {
    long head = head(store);
    List<LoggedEvent> events = new ArrayList<>();
    CampaignLog log =
        empty(store).refreshed(read -> read.stream().filter(kept).forEach(events::add));
    log.requireReached(head);
    return new WithEvents(log, events);
  }

  /** Returns all events after a commit, in order of commit. */
  List<LoggedEvent> eventsAfter(long commit) {
    if (commit >= tailSince) {
      return tail.stream().filter(event -> event.commit() > commit).toList();
    }
    List<LoggedEvent> events = new ArrayList<>();
    readAfter(
        store,
        commit,
        read -> read.stream().filter(event -> event.commit() <= version).forEach(events::add));
    return events;
  }

  /** Passes on all events after a commit, in batches of commits; returns the newest version. */
  private static long readAfter(TableStore store, long commit, Consumer<List<LoggedEvent>> events) {
    // The first version is that of the empty table.
    long first = Math.max(0, commit);
    TableStore.Read read = readPart(store, first);
    long newest = read.version();
    long done = Math.min(first + COMMITS_AT_A_TIME, newest);
    events.accept(decoded(read.rows(), first, done));
    while (done < newest) {
      long next = Math.min(done + COMMITS_AT_A_TIME, newest);
      events.accept(decoded(readPart(store, done).rows(), done, next));
      done = next;
    }
    return newest;
  }

  private static TableStore.Read readPart(TableStore store, long after) {
    return store.readBetween(
        ControlEventsTable.TABLE, ControlEventsTable.COMMIT, after, after + COMMITS_AT_A_TIME);
  }

  private static List<LoggedEvent> decoded(List<TableRow> rows, long after, long upTo) {
    Stream<TableRow> stream =
        rows.size() > WORTH_TWO_THREADS ? rows.parallelStream() : rows.stream();
    List<LoggedEvent> events =
        new ArrayList<>(
            stream
                .filter(row -> row.number(ControlEventsTable.COMMIT) <= upTo)
                .map(EventCodec::decode)
                .toList());
    events.sort(
        Comparator.comparingLong(LoggedEvent::commit)
            .thenComparing(LoggedEvent::campaignId)
            .thenComparingLong(LoggedEvent::seq));
    long commit = after;
    for (LoggedEvent event : events) {
      if (event.commit() > commit + 1) {
        break;
      }
      commit = event.commit();
    }
    if (commit < upTo) {
      throw new CorruptLogException(
          "Commit "
              + (commit + 1)
              + " of the log of campaigns holds no events: it is damaged, or was made by another program."
              + " Nothing is decided on a broken log; see 'dormouse doctor'");
    }
    return events;
  }

  /** Folds events into the states of their campaigns. */
  private static final class Folding {
    private final Map<String, Chain> before;
    private final Map<String, CampaignFold> folds = new TreeMap<>();
    private final Map<String, String> hashes = new TreeMap<>();

    Folding(Map<String, Chain> before) {
      this.before = before;
    }

    void add(LoggedEvent event) {
      String id = event.campaignId();
      CampaignFold fold =
          folds.computeIfAbsent(id, any -> new CampaignFold(chain(before, id).state()));
      String hash = hashes.computeIfAbsent(id, any -> chain(before, id).hash());
      if (event.seq() != fold.lastSeq() + 1 || !event.prevHash().equals(hash)) {
        throw new CorruptLogException(
            "The log of campaign "
                + id
                + " is broken at event "
                + event.seq()
                + ": expected number "
                + (fold.lastSeq() + 1)
                + " following the event before it. Nothing is decided on a broken log; see 'dormouse doctor'");
      }
      try {
        fold.add(event.seq(), event.at(), event.event());
      } catch (IllegalStateException e) {
        throw new CorruptLogException("The log holds an illegal transition: " + e.getMessage());
      }
      hashes.put(id, event.hash());
    }

    Map<String, Chain> chains() {
      Map<String, Chain> chains = new TreeMap<>(before);
      folds.forEach((id, fold) -> chains.put(id, new Chain(fold.state(), hashes.get(id))));
      return chains;
    }
  }

  private static Chain chain(Map<String, Chain> chains, String campaignId) {
    return chains.getOrDefault(campaignId, Chain.unknown(campaignId));
  }

  /** Returns the version of {@code control_events} that was read; -1 if there is none yet. */
  public long version() {
    return version;
  }

  /** Returns the state of every campaign, by id. */
  public Map<String, CampaignState> states() {
    Map<String, CampaignState> states = new TreeMap<>();
    chains.forEach((id, chain) -> states.put(id, chain.state()));
    return states;
  }

  /** Returns the state of a campaign; empty if there is none of that name. */
  public Optional<CampaignState> state(String campaignId) {
    return Optional.ofNullable(chains.get(campaignId)).map(Chain::state);
  }

  /**
   * Appends events in one commit if nobody else has committed since this log was read.
   *
   * @param newEvents events by campaign, in order
   * @return the log with them; empty if another commit came first and nothing was written
   */
  public Optional<CampaignLog> append(
      Map<String, List<CampaignEvent>> newEvents, Instant at, String tickId) {
    Folding folding = new Folding(chains);
    List<LoggedEvent> events = new ArrayList<>();
    List<TableRow> rows = new ArrayList<>();
    new TreeMap<>(newEvents)
        .forEach(
            (campaignId, added) -> {
              Chain chain = chain(chains, campaignId);
              long seq = chain.state().lastSeq();
              String hash = chain.hash();
              for (CampaignEvent event : added) {
                seq++;
                TableRow row =
                    EventCodec.encode(campaignId, seq, version + 1, at, tickId, event, hash);
                LoggedEvent logged = EventCodec.decode(row);
                folding.add(logged);
                events.add(logged);
                rows.add(row);
                hash = logged.hash();
              }
            });
    if (!store.appendIfVersion(ControlEventsTable.TABLE, version, rows)) {
      return Optional.empty();
    }
    store.cache(
        ControlEventsTable.TABLE,
        HEAD,
        Long.toString(version + 1).getBytes(StandardCharsets.UTF_8));
    Tail newTail = new Tail(tailSince, tail);
    newTail.add(events);
    return Optional.of(
        new CampaignLog(
            store, version + 1, since, newTail.since, folding.chains(), newTail.events));
  }

  /** Returns whether so many commits were made since the snapshot that reading began at. */
  boolean isSnapshotDue(int commitsBetween) {
    return version - since >= commitsBetween;
  }

  Snapshot snapshot() {
    return new Snapshot(version, chains);
  }
}
