package dev.dormouse.llm;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.config.LlmSettings.Cap;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The ledger of all calls: a fold of {@link LlmEvent}s. It alone decides whether a question may be
 * sent. Pure: no clock, no files, no threads of its own.
 *
 * <p>Invariant: the bill never exceeds a cap, as long as providers bill at most one token for a
 * byte of text, and no longer replies than were allowed. The worst case is booked before a call is
 * sent, and stays booked if its outcome is unknown.
 */
public final class LlmLedger {
  /** Upper bound of the tokens that a provider adds to our texts. */
  static final int WRAPPING_TOKENS = 64;

  /** If a provider asks for a longer pause, requests are refused instead of waiting. */
  static final Duration MAX_WAIT = Duration.ofMinutes(2);

  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);
  private static final int TYPICAL_BYTES_PER_TOKEN = 4;

  private final LlmSettings settings;
  private final RateLimit requests;
  private final RateLimit tokens;
  private final Map<String, LlmEvent.Reserved> open = new LinkedHashMap<>();
  private final Map<String, LlmEvent.Reserved> lastCall = new HashMap<>();
  private final Map<String, LlmEvent.Answered> answers = new HashMap<>();
  private final Map<String, Spend> campaigns = new HashMap<>();
  private final Map<LocalDate, Spend> days = new HashMap<>();
  private Instant pausedUntil = Instant.MIN;

  /**
   * Booked costs: settled calls at their cost, others at their worst case.
   *
   * @param microUsd in millionths of a dollar
   * @param tokens of questions and replies
   */
  public record Spend(long microUsd, long tokens) {
    static final Spend NONE = new Spend(0, 0);

    public Spend plus(long moreMicroUsd, long moreTokens) {
      return new Spend(microUsd + moreMicroUsd, tokens + moreTokens);
    }

    public boolean fits(Cap cap) {
      return microUsd <= cap.microUsd() && tokens <= cap.tokens();
    }
  }

  /** Creates an empty ledger under these caps and rates. */
  public LlmLedger(LlmSettings settings) {
    this.settings = settings;
    this.requests = new RateLimit(settings.requestsPerMinute());
    this.tokens = new RateLimit(settings.tokensPerMinute());
  }

  /** Returns the largest number of tokens that the question itself can be billed for. */
  public static long maxInputTokens(LlmRequest request) {
    return bytes(request.system())
        + bytes(request.prompt())
        + bytes(request.schemaJson())
        + WRAPPING_TOKENS;
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Returns the costs booked for a campaign. */
  Spend campaign(String campaignId) {
    return campaigns.getOrDefault(campaignId, Spend.NONE);
  }

  /** Returns the costs booked on a day (UTC). */
  Spend day(LocalDate day) {
    return days.getOrDefault(day, Spend.NONE);
  }

  /** Returns the answer to a question; empty if there is none. */
  Optional<LlmEvent.Answered> answer(String requestHash) {
    return Optional.ofNullable(answers.get(key(settings.model(), requestHash)));
  }

  private static String key(String model, String requestHash) {
    return model + ' ' + requestHash;
  }

  /**
   * Decides whether a question may be sent now. Changes nothing: the caller applies the reservation
   * of {@link Admission.Allowed}.
   *
   * @param callId id of the call, if it is allowed
   * @param owner the process that would call
   * @param isAlive whether a process that has reserved something still runs
   */
  public Admission admit(
      LlmRequest request, String callId, String owner, Instant now, Predicate<String> isAlive) {
    String hash = request.requestHash();
    Optional<LlmEvent.Answered> known = answer(hash);
    if (known.isPresent()) {
      return new Admission.Cached(known.get());
    }
    LlmEvent.Reserved other = lastCall.get(key(settings.model(), hash));
    if (other != null && isInFlight(other, now, isAlive)) {
      return new Admission.Wait(POLL_INTERVAL, false);
    }
    long input = maxInputTokens(request);
    LlmEvent.Reserved reservation =
        new LlmEvent.Reserved(
            callId,
            hash,
            settings.model(),
            request.campaignId(),
            request.purpose(),
            owner,
            now,
            now.plus(settings.timeout().multipliedBy(2)),
            settings.price().of(input, request.maxOutputTokens()),
            input + request.maxOutputTokens(),
            input / TYPICAL_BYTES_PER_TOKEN + request.maxOutputTokens());
    return overCap(reservation, now, isAlive)
        .or(() -> rateLimited(now))
        .orElseGet(() -> new Admission.Allowed(reservation));
  }

  private Optional<Admission> overCap(
      LlmEvent.Reserved call, Instant now, Predicate<String> isAlive) {
    Spend alone = Spend.NONE.plus(call.microUsd(), call.tokens());
    LocalDate today = day(now);
    if (!alone.fits(settings.callCap())) {
      return refused("this call", alone, settings.callCap());
    }
    return overCap(
            "campaign " + call.campaignId(),
            campaign(call.campaignId()),
            alone,
            settings.campaignCap(),
            now,
            isAlive,
            other -> other.campaignId().equals(call.campaignId()))
        .or(
            () ->
                overCap(
                    "day " + today,
                    day(today),
                    alone,
                    settings.dayCap(),
                    now,
                    isAlive,
                    other -> day(other.at()).equals(today)));
  }

  /** Waits for calls in flight that may turn out cheaper than their worst case; else refuses. */
  private Optional<Admission> overCap(
      String of,
      Spend booked,
      Spend wanted,
      Cap cap,
      Instant now,
      Predicate<String> isAlive,
      Predicate<LlmEvent.Reserved> counts) {
    if (booked.plus(wanted.microUsd(), wanted.tokens()).fits(cap)) {
      return Optional.empty();
    }
    Spend settled = booked;
    for (LlmEvent.Reserved call : open.values()) {
      if (counts.test(call) && isInFlight(call, now, isAlive)) {
        settled = settled.plus(-call.microUsd(), -call.tokens());
      }
    }
    Spend atBest = settled.plus(wanted.microUsd(), wanted.tokens());
    return atBest.fits(cap)
        ? Optional.of(new Admission.Wait(POLL_INTERVAL, false))
        : refused(of, atBest, cap);
  }

  private static Optional<Admission> refused(String of, Spend spend, Cap cap) {
    String reason =
        spend.microUsd() > cap.microUsd()
            ? "could bring "
                + of
                + " to $"
                + dollars(spend.microUsd())
                + ", above its cap of $"
                + dollars(cap.microUsd())
            : "could bring "
                + of
                + " to "
                + spend.tokens()
                + " tokens, above its cap of "
                + cap.tokens();
    return Optional.of(new Admission.Refused(LlmStatus.OVER_CAP, reason));
  }

  /** Formats micro-dollars as dollars. */
  static String dollars(long microUsd) {
    return BigDecimal.valueOf(microUsd, 6).stripTrailingZeros().toPlainString();
  }

  private Optional<Admission> rateLimited(Instant now) {
    if (pausedUntil.isAfter(now)) {
      Duration pause = Duration.between(now, pausedUntil);
      return Optional.of(
          pause.compareTo(MAX_WAIT) > 0
              ? new Admission.Refused(
                  LlmStatus.RATE_LIMITED, "the provider asks for a pause until " + pausedUntil)
              : new Admission.Wait(pause, true));
    }
    Duration wait = requests.waitAt(now);
    Duration forTokens = tokens.waitAt(now);
    Duration longer = wait.compareTo(forTokens) > 0 ? wait : forTokens;
    return longer.isZero() ? Optional.empty() : Optional.of(new Admission.Wait(longer, true));
  }

  private boolean isInFlight(LlmEvent.Reserved call, Instant now, Predicate<String> isAlive) {
    return open.containsKey(call.callId())
        && now.isBefore(call.until())
        && isAlive.test(call.owner());
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  /** Applies an event. */
  public void apply(LlmEvent event) {
    if (event instanceof LlmEvent.Reserved reserved) {
      open.put(reserved.callId(), reserved);
      lastCall.put(key(reserved.model(), reserved.requestHash()), reserved);
      book(reserved, reserved.microUsd(), reserved.tokens());
      if (reserved.model().equals(settings.model())) {
        requests.take(1, reserved.at());
        tokens.take(reserved.paceTokens(), reserved.at());
      }
    } else if (event instanceof LlmEvent.Answered answered) {
      Optional.ofNullable(open.remove(answered.callId())).ifPresent(call -> settle(call, answered));
    } else if (event instanceof LlmEvent.Failed failed) {
      Optional.ofNullable(open.remove(failed.callId())).ifPresent(call -> release(call, failed));
    }
  }

  private void settle(LlmEvent.Reserved call, LlmEvent.Answered answer) {
    long used = answer.inputTokens() + answer.outputTokens();
    book(call, answer.microUsd() - call.microUsd(), used - call.tokens());
    answers.putIfAbsent(key(call.model(), call.requestHash()), answer);
    if (call.model().equals(settings.model())) {
      tokens.giveBack(call.paceTokens() - used);
    }
  }

  private void release(LlmEvent.Reserved call, LlmEvent.Failed failed) {
    if (!failed.billed()) {
      book(call, -call.microUsd(), -call.tokens());
    }
    if (call.model().equals(settings.model())) {
      tokens.giveBack(call.paceTokens());
      failed
          .pauseUntil()
          .filter(until -> until.isAfter(pausedUntil))
          .ifPresent(until -> pausedUntil = until);
    }
  }

  private void book(LlmEvent.Reserved call, long microUsd, long tokenCount) {
    campaigns.merge(
        call.campaignId(),
        Spend.NONE.plus(microUsd, tokenCount),
        (a, b) -> a.plus(b.microUsd(), b.tokens()));
    days.merge(
        day(call.at()),
        Spend.NONE.plus(microUsd, tokenCount),
        (a, b) -> a.plus(b.microUsd(), b.tokens()));
  }
}
