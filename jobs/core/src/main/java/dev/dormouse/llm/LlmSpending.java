package dev.dormouse.llm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The cost of a lake's questions so far: a summary of the journal for people.
 *
 * @param campaigns totals by campaign
 * @param days totals by day (UTC)
 * @param replies status to the number of replies of batches that had it
 * @param cached number of these replies that were known before
 * @param lastFailure time, status and detail of the last failed call; empty if none failed
 */
public record LlmSpending(
    Map<String, Line> campaigns,
    Map<LocalDate, Line> days,
    Map<String, Long> replies,
    long cached,
    Optional<String> lastFailure) {
  public LlmSpending {
    campaigns = new TreeMap<>(campaigns);
    days = new TreeMap<>(days);
    replies = new TreeMap<>(replies);
  }

  /**
   * The totals of a campaign or day.
   *
   * @param calls number of calls that were sent
   * @param answered number of calls that were answered
   * @param microUsd settled cost, in millionths of a dollar
   * @param tokens settled tokens
   * @param unsettledMicroUsd worst case of calls in flight and of calls whose outcome is unknown
   */
  public record Line(
      long calls, long answered, long microUsd, long tokens, long unsettledMicroUsd) {
    private Line plus(Line other) {
      return new Line(
          calls + other.calls,
          answered + other.answered,
          microUsd + other.microUsd,
          tokens + other.tokens,
          unsettledMicroUsd + other.unsettledMicroUsd);
    }
  }

  /** Sums up the journal of a lake; empty if nothing was ever asked. */
  public static LlmSpending of(Path lake) {
    Totals totals = new Totals();
    Path file = LlmJournal.in(lake);
    if (Files.exists(file)) {
      try (LlmJournal journal = LlmJournal.open(file, totals::apply)) {
        journal.locked(() -> journal);
      }
    }
    return totals.spending();
  }

  /** Sums up events. */
  static LlmSpending of(List<LlmEvent> events) {
    Totals totals = new Totals();
    events.forEach(totals::apply);
    return totals.spending();
  }

  private static final class Totals {
    private final Map<String, LlmEvent.Reserved> calls = new HashMap<>();
    private final Map<String, Line> campaigns = new TreeMap<>();
    private final Map<LocalDate, Line> days = new TreeMap<>();
    private final Map<String, Long> replies = new TreeMap<>();
    private long cached;
    private Optional<String> lastFailure = Optional.empty();

    LlmSpending spending() {
      return new LlmSpending(campaigns, days, replies, cached, lastFailure);
    }

    void apply(LlmEvent event) {
      if (event instanceof LlmEvent.Failed failed) {
        lastFailure =
            Optional.of(failed.at() + ", " + failed.status().id() + ": " + failed.detail());
      }
      if (event instanceof LlmEvent.Reserved call) {
        calls.put(call.callId(), call);
        add(call, new Line(1, 0, 0, 0, call.microUsd()));
      } else if (event instanceof LlmEvent.Answered answer && calls.containsKey(answer.callId())) {
        LlmEvent.Reserved call = calls.get(answer.callId());
        add(
            call,
            new Line(
                0,
                1,
                answer.microUsd(),
                answer.inputTokens() + answer.outputTokens(),
                -call.microUsd()));
      } else if (event instanceof LlmEvent.Failed failed
          && !failed.billed()
          && calls.containsKey(failed.callId())) {
        LlmEvent.Reserved call = calls.get(failed.callId());
        add(call, new Line(0, 0, 0, 0, -call.microUsd()));
      } else if (event instanceof LlmEvent.Batch batch) {
        batch.replies().forEach((status, count) -> replies.merge(status.id(), count, Long::sum));
        cached += batch.cached();
      }
    }

    private void add(LlmEvent.Reserved call, Line line) {
      campaigns.merge(call.campaignId(), line, Line::plus);
      days.merge(day(call.at()), line, Line::plus);
    }

    private static LocalDate day(Instant at) {
      return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
  }
}
