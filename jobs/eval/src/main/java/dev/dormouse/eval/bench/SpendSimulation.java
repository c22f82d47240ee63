package dev.dormouse.eval.bench;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.config.LlmSettings.Cap;
import dev.dormouse.config.LlmSettings.Price;
import dev.dormouse.config.LlmSettingsBuilder;
import dev.dormouse.llm.Admission;
import dev.dormouse.llm.LlmEvent;
import dev.dormouse.llm.LlmLedger;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.llm.LlmStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Simulates batches without files and networks: processes die at every point, providers refuse,
 * time out and answer anything, and campaigns share a day. Compares the provider's bill with the
 * caps.
 */
public final class SpendSimulation {
  private static final Instant START = Instant.parse("2026-03-01T22:00:00Z");
  private static final int CAMPAIGNS = 2;
  private static final int LOST_REPLY = 2;
  private static final int MOST_STEPS = 400;

  private final SplittableRandom random;
  private final LlmSettings settings;
  private final List<LlmRequest> requests = new ArrayList<>();
  private final List<LlmEvent> journal = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private final Set<String> dead = new HashSet<>();
  private final Map<String, LlmLedger.Spend> billedTo = new HashMap<>();
  private final Map<LocalDate, LlmLedger.Spend> billedOn = new HashMap<>();
  private LlmLedger ledger;
  private Instant now = START;
  private int process;
  private int calls;
  private int answered;
  private int lost;
  private int refused;
  private int overspent;

  /** A call that waits for the provider's reply. */
  private record Pending(LlmEvent.Reserved call, LlmRequest request) {}

  /**
   * Counts over many batches.
   *
   * @param batches number of simulated batches
   * @param calls number of calls that providers billed
   * @param unknown number of calls whose bill is not in the journal
   * @param refused number of prompts that a cap rejected
   * @param overspent number of calls, campaigns or days whose bill is above their cap
   * @param askedTwice number of prompts billed more often than once plus once per unknown call
   */
  public record Result(
      long batches, long calls, long unknown, long refused, long overspent, long askedTwice) {
    Result plus(Result other) {
      return new Result(
          batches + other.batches,
          calls + other.calls,
          unknown + other.unknown,
          refused + other.refused,
          overspent + other.overspent,
          askedTwice + other.askedTwice);
    }
  }

  private SpendSimulation(long seed) {
    this.random = new SplittableRandom(seed);
    this.settings =
        LlmSettingsBuilder.builder()
            .provider(LlmSettings.Provider.OPENAI)
            .url("")
            .model("simulated")
            .apiKeyVariable("")
            .price(new Price(random.nextLong(0, 2_000_000), random.nextLong(0, 8_000_000)))
            .callCap(cap(6_000, 1_200))
            .campaignCap(cap(16_000, 5_000))
            .dayCap(cap(24_000, 8_000))
            .requestsPerMinute(random.nextInt(60, 6_000))
            .tokensPerMinute(random.nextInt(10_000, 1_000_000))
            .parallelCalls(4)
            .timeout(Duration.ofSeconds(60))
            .build();
    this.ledger = new LlmLedger(settings);
    for (int i = 0; i < random.nextInt(2, 12); i++) {
      requests.add(
          new LlmRequest(
              "simulate",
              "c" + random.nextInt(CAMPAIGNS),
              "",
              "x".repeat(random.nextInt(1, 200)) + i,
              "",
              random.nextInt(1, 300)));
    }
  }

  private Cap cap(long microUsd, long tokens) {
    return new Cap(random.nextLong(microUsd / 4, microUsd), random.nextLong(tokens / 4, tokens));
  }

  /** Simulates batches with consecutive seeds. */
  public static Result run(long firstSeed, long batches) {
    Result all = new Result(0, 0, 0, 0, 0, 0);
    for (long seed = firstSeed; seed < firstSeed + batches; seed++) {
      all = all.plus(new SpendSimulation(seed).batch());
    }
    return all;
  }

  private Result batch() {
    Map<String, Integer> timesBilled = new HashMap<>();
    Map<String, Integer> timesUnknown = new HashMap<>();
    for (int step = 0; step < MOST_STEPS && (answered < requests.size() || step < 40); step++) {
      now = now.plusMillis(random.nextInt(1, 30_000));
      timeOut(timesBilled, timesUnknown);
      if (random.nextInt(20) == 0) {
        killProcess(timesUnknown, timesBilled);
      } else if (pending.isEmpty() || random.nextBoolean()) {
        askOne();
      } else {
        reply(
            pending.remove(random.nextInt(pending.size())),
            random.nextInt(10),
            timesBilled,
            timesUnknown);
      }
    }
    int twice = 0;
    for (Map.Entry<String, Integer> billed : timesBilled.entrySet()) {
      if (billed.getValue() > 1 + timesUnknown.getOrDefault(billed.getKey(), 0)) {
        twice++;
      }
    }
    return new Result(1, calls, lost, refused, overspent + aboveCaps(), twice);
  }

  private void askOne() {
    LlmRequest request = requests.get(random.nextInt(requests.size()));
    Admission admission =
        ledger.admit(
            request, "call" + journal.size(), "p" + process, now, owner -> !dead.contains(owner));
    if (admission instanceof Admission.Allowed allowed) {
      log(allowed.reservation());
      pending.add(new Pending(allowed.reservation(), request));
    } else if (admission instanceof Admission.Refused) {
      refused++;
    }
  }

  private void log(LlmEvent event) {
    journal.add(event);
    ledger.apply(event);
  }

  private void timeOut(Map<String, Integer> timesBilled, Map<String, Integer> timesUnknown) {
    for (Pending call : List.copyOf(pending)) {
      if (call.call().at().plus(settings.timeout()).isBefore(now)) {
        pending.remove(call);
        reply(call, LOST_REPLY, timesBilled, timesUnknown);
      }
    }
  }

  /** Lets the provider answer, refuse, or bill a call whose reply is lost. */
  private void reply(
      Pending call, int fate, Map<String, Integer> timesBilled, Map<String, Integer> timesUnknown) {
    String id = call.call().callId();
    if (fate < 2) {
      log(
          new LlmEvent.Failed(
              id,
              fate == 0 ? LlmStatus.RATE_LIMITED : LlmStatus.UNAVAILABLE,
              false,
              fate == 0 ? Optional.of(now.plusSeconds(2)) : Optional.empty(),
              "",
              now));
      return;
    }
    long input = random.nextLong(1, LlmLedger.maxInputTokens(call.request()) + 1);
    long output = random.nextLong(0, call.request().maxOutputTokens() + 1L);
    bill(call.call(), input, output);
    timesBilled.merge(call.call().requestHash(), 1, Integer::sum);
    if (fate == LOST_REPLY) {
      lost++;
      timesUnknown.merge(call.call().requestHash(), 1, Integer::sum);
      log(new LlmEvent.Failed(id, LlmStatus.UNANSWERED, true, Optional.empty(), "", now));
      return;
    }
    answered++;
    log(
        new LlmEvent.Answered(
            id,
            "reply",
            false,
            input,
            output,
            settings.price().of(input, output),
            Duration.ofMillis(5),
            now));
  }

  /** Bills all pending calls in full without a journal entry, and starts a new process. */
  private void killProcess(Map<String, Integer> timesUnknown, Map<String, Integer> timesBilled) {
    for (Pending call : pending) {
      bill(call.call(), LlmLedger.maxInputTokens(call.request()), call.request().maxOutputTokens());
      timesBilled.merge(call.call().requestHash(), 1, Integer::sum);
      timesUnknown.merge(call.call().requestHash(), 1, Integer::sum);
      lost++;
    }
    pending.clear();
    dead.add("p" + process);
    process++;
    ledger = new LlmLedger(settings);
    journal.forEach(ledger::apply);
  }

  private void bill(LlmEvent.Reserved call, long input, long output) {
    long cost = settings.price().of(input, output);
    calls++;
    if (cost > settings.callCap().microUsd() || input + output > settings.callCap().tokens()) {
      overspent++;
    }
    LlmLedger.Spend bill = new LlmLedger.Spend(cost, input + output);
    billedTo.merge(call.campaignId(), bill, (a, b) -> a.plus(b.microUsd(), b.tokens()));
    billedOn.merge(
        LocalDate.ofInstant(call.at(), ZoneOffset.UTC),
        bill,
        (a, b) -> a.plus(b.microUsd(), b.tokens()));
  }

  private int aboveCaps() {
    return (int)
        (billedTo.values().stream().filter(bill -> !bill.fits(settings.campaignCap())).count()
            + billedOn.values().stream().filter(bill -> !bill.fits(settings.dayCap())).count());
  }
}
