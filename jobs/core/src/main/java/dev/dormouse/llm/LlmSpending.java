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
 * What a lake's questions cost so far: the journal, summed up for people.
 *
 * @param campaigns by campaign
 * @param days by day (UTC)
 * @param replies how many replies of batches had each status
 * @param cached how many of them were known before
 * @param lastFailure when the last call failed, how, and what was said of it; empty if none did
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
   * One line of the books.
   *
   * @param calls that were sent
   * @param answered of them
   * @param microUsd settled, in millionths of a dollar
   * @param tokens settled
   * @param unsettledMicroUsd worst case of calls under way, and of those whose end is unknown
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

  /** Sums up the journal of a lake; all empty if nothing was ever asked. */
  public static LlmSpending of(Path lake) {
    Books books = new Books();
    Path file = LlmJournal.in(lake);
    if (Files.exists(file)) {
      try (LlmJournal journal = LlmJournal.open(file, books::apply)) {
        journal.locked(() -> journal);
      }
    }
    return books.spending();
  }

  /** Sums up events: pure. */
  static LlmSpending of(List<LlmEvent> events) {
    Books books = new Books();
    events.forEach(books::apply);
    return books.spending();
  }

  private static final class Books {
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
        book(call, new Line(1, 0, 0, 0, call.microUsd()));
      } else if (event instanceof LlmEvent.Answered answer && calls.containsKey(answer.callId())) {
        LlmEvent.Reserved call = calls.get(answer.callId());
        book(
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
        book(call, new Line(0, 0, 0, 0, -call.microUsd()));
      } else if (event instanceof LlmEvent.Batch batch) {
        batch.replies().forEach((status, count) -> replies.merge(status.id(), count, Long::sum));
        cached += batch.cached();
      }
    }

    private void book(LlmEvent.Reserved call, Line line) {
      campaigns.merge(call.campaignId(), line, Line::plus);
      days.merge(day(call.at()), line, Line::plus);
    }

    private static LocalDate day(Instant at) {
      return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
  }
}
