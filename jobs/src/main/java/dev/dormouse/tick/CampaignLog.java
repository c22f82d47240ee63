package dev.dormouse.tick;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.io.KernelLake;
import dev.dormouse.table.ControlEventsTable;
import dev.dormouse.table.TableRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The log of all campaigns as of one version: verified, folded into states, and appended to by
 * compare-and-swap.
 */
public final class CampaignLog {
  private final KernelLake lake;
  private final long version;
  private final Map<String, List<LoggedEvent>> events;
  private final Map<String, CampaignState> states;

  private CampaignLog(
      KernelLake lake,
      long version,
      Map<String, List<LoggedEvent>> events,
      Map<String, CampaignState> states) {
    this.lake = lake;
    this.version = version;
    this.events = events;
    this.states = states;
  }

  /**
   * Reads and verifies the newest version.
   *
   * @throws CorruptLogException if numbers have gaps, the hash chain is broken, or a transition is
   *     illegal
   */
  public static CampaignLog read(KernelLake lake) {
    KernelLake.Read read = lake.read(ControlEventsTable.TABLE);
    List<TableRow> rows = new ArrayList<>(read.rows());
    rows.sort(
        Comparator.comparing((TableRow row) -> row.text("campaign_id"))
            .thenComparing(row -> row.number("seq")));
    Map<String, List<LoggedEvent>> events = new TreeMap<>();
    Map<String, CampaignState> states = new TreeMap<>();
    for (TableRow row : rows) {
      LoggedEvent event = EventCodec.decode(row);
      List<LoggedEvent> before =
          events.computeIfAbsent(event.campaignId(), id -> new ArrayList<>());
      String expected = before.isEmpty() ? "" : before.get(before.size() - 1).hash();
      if (event.seq() != before.size() + 1 || !event.prevHash().equals(expected)) {
        throw new CorruptLogException(
            "The log of campaign "
                + event.campaignId()
                + " is broken at event "
                + event.seq()
                + ": expected number "
                + (before.size() + 1)
                + " following the event before it. Nothing is decided on a broken log; see 'dormouse doctor'");
      }
      CampaignState state =
          states.getOrDefault(event.campaignId(), CampaignState.unknown(event.campaignId()));
      try {
        states.put(event.campaignId(), CampaignFold.apply(state, event));
      } catch (IllegalStateException e) {
        throw new CorruptLogException("The log holds an illegal transition: " + e.getMessage());
      }
      before.add(event);
    }
    return new CampaignLog(lake, read.version(), events, states);
  }

  /** The version of {@code control_events} that was read; -1 if there is none yet. */
  public long version() {
    return version;
  }

  /** The state of every campaign, by id. */
  public Map<String, CampaignState> states() {
    return Collections.unmodifiableMap(states);
  }

  /** All events of a campaign, in order; none if there is no such campaign. */
  public List<LoggedEvent> events(String campaignId) {
    return List.copyOf(events.getOrDefault(campaignId, List.of()));
  }

  /**
   * Appends events in one commit if nobody else has committed since this log was read.
   *
   * @param newEvents events by campaign, in order
   * @return the log with them; empty if another commit was first, then nothing was written
   */
  public Optional<CampaignLog> append(
      Map<String, List<CampaignEvent>> newEvents, Instant at, String tickId) {
    Map<String, List<LoggedEvent>> allEvents = new TreeMap<>(events);
    Map<String, CampaignState> newStates = new TreeMap<>(states);
    List<TableRow> rows = new ArrayList<>();
    newEvents.forEach(
        (campaignId, added) -> {
          List<LoggedEvent> all = new ArrayList<>(events(campaignId));
          CampaignState state = states.getOrDefault(campaignId, CampaignState.unknown(campaignId));
          for (CampaignEvent event : added) {
            String prevHash = all.isEmpty() ? "" : all.get(all.size() - 1).hash();
            TableRow row =
                EventCodec.encode(campaignId, all.size() + 1, at, tickId, event, prevHash);
            LoggedEvent logged = EventCodec.decode(row);
            state = CampaignFold.apply(state, logged);
            all.add(logged);
            rows.add(row);
          }
          allEvents.put(campaignId, all);
          newStates.put(campaignId, state);
        });
    return lake.appendIfVersion(ControlEventsTable.TABLE, version, rows)
        ? Optional.of(new CampaignLog(lake, version + 1, allEvents, newStates))
        : Optional.empty();
  }
}
