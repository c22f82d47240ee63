package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Status;
import dev.dormouse.campaign.InboxMessage;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.io.TableStore;
import dev.dormouse.table.RunsTable;
import dev.dormouse.table.TouchesTable;
import dev.dormouse.tick.CampaignLog;
import dev.dormouse.tick.HistoryReplay;
import dev.dormouse.tick.Inbox;
import dev.dormouse.tick.PlanForecastReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks a world after its faults have stopped: every campaign has ended, every result is published
 * exactly once in each place, and the log replays to the same states.
 */
record EndCheck(Checker checker, SimulatedDisk disk, Set<String> tracking, TableStore store) {
  /**
   * Runs all checks.
   *
   * @param states state of every campaign
   * @param healthy the campaigns that must have ended
   * @param over whether ticks have nothing left to write
   */
  void check(Map<String, CampaignState> states, Set<String> healthy, boolean over) {
    for (String id : healthy) {
      CampaignState state = states.get(id);
      if (state == null) {
        checker.violation(id + " is not in the log");
      } else if (state.status() == Status.QUARANTINED) {
        checker.violation(id + " is healthy but quarantined");
      } else if (!state.isOver() || !state.open().isEmpty()) {
        checker.violation(
            id + " is " + state.status().id() + " long after everything went well again");
      } else {
        checker.atEnd(id);
        checkTracked(state);
      }
    }
    if (!over) {
      checker.violation("ticks go on to write though there is nothing to do");
      return;
    }
    checkPublished(states);
    try {
      checkReplay(states);
    } catch (RuntimeException e) {
      checker.violation("the log cannot be read again: " + e.getMessage());
    }
  }

  private void checkTracked(CampaignState state) {
    for (String item : SimulatedTracking.items(state)) {
      if (!tracking.contains(item)) {
        checker.violation(item + " was never published");
      }
    }
  }

  /** Checks that every result is one run in the lake and every human action one touch. */
  private void checkPublished(Map<String, CampaignState> states) {
    Set<String> runs = new HashSet<>();
    disk.table(RunsTable.TABLE)
        .rows()
        .forEach(
            row -> {
              if (!runs.add(row.text("run_id"))) {
                checker.violation(row.text("run_id") + " is in the lake twice");
              }
            });
    Set<String> results = new HashSet<>();
    states.keySet().forEach(id -> results.addAll(checker.results(id)));
    if (!runs.equals(results)) {
      checker.violation(
          "the lake's runs are not the results: " + runs.size() + ", " + results.size());
    }
    long touches = states.values().stream().mapToLong(state -> state.touches().size()).sum();
    if (disk.table(TouchesTable.TABLE).rows().size() != touches) {
      checker.violation("the lake's touches are not those of the log");
    }
  }

  private void checkReplay(Map<String, CampaignState> states) {
    if (!states.equals(CampaignLog.read(store).states())) {
      checker.violation("a snapshot and what follows is not the same as the whole log");
    }
    Map<String, List<InboxMessage>> inbox = new HashMap<>();
    Inbox.read(store)
        .forEach(
            message ->
                inbox.computeIfAbsent(message.campaignId(), any -> new ArrayList<>()).add(message));
    Map<String, List<LoggedEvent>> histories = new TreeMap<>();
    CampaignLog.readWithEvents(store)
        .events()
        .forEach(
            event ->
                histories.computeIfAbsent(event.campaignId(), any -> new ArrayList<>()).add(event));
    PlanForecastReader forecasts = new PlanForecastReader(store);
    histories.forEach(
        (id, events) ->
            HistoryReplay.difference(events, inbox.getOrDefault(id, List.of()), forecasts::of)
                .ifPresent(checker::violation));
  }
}
