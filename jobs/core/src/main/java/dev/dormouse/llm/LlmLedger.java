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
 * The books of all calls: a fold of {@link LlmEvent}s, and the one place where it is decided
 * whether a question may be sent. Pure: no clock, no files, no threads of its own.
 *
 * <p>Invariant: what is billed never exceeds a cap, as long as providers bill no more tokens than a
 * text has bytes and a reply was allowed. The worst case is booked before a call is sent, and stays
 * booked if nobody knows what became of it.
 */
public final class LlmLedger {
  /** Tokens that a provider puts around our texts, generously. */
  static final int WRAPPING_TOKENS = 64;

  /** A longer pause, asked for by a provider, is not waited for. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final int BYTES_PER_USUAL_TOKEN = 4;

  private final LlmSettings settings;
  private final Pace requests;
  private final Pace tokens;
  private final Map<String, LlmEvent.Reserved> open = new LinkedHashMap<>();
  private final Map<String, LlmEvent.Reserved> lastCall = new HashMap<>();
  private final Map<String, LlmEvent.Answered> answers = new HashMap<>();
  private final Map<String, Spend> campaigns = new HashMap<>();
  private final Map<LocalDate, Spend> days = new HashMap<>();
  private Instant pausedUntil = Instant.MIN;

  /**
   * What was booked.
   *
   * @param microUsd settled costs, and the worst cases of what is not settled
   * @param tokens likewise
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

  /** Empty books under these caps and rates. */
  public LlmLedger(LlmSettings settings) {
    this.settings = settings;
    this.requests = new Pace(settings.requestsPerMinute());
    this.tokens = new Pace(settings.tokensPerMinute());
  }

  /** The most tokens that a question can be billed for: one a byte, and the longest reply. */
  public static long worstInput(LlmRequest request) {
    return bytes(request.system())
        + bytes(request.prompt())
        + bytes(request.schemaJson())
        + WRAPPING_TOKENS;
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** What was booked for a campaign. */
  Spend campaign(String campaignId) {
    return campaigns.getOrDefault(campaignId, Spend.NONE);
  }

  /** What was booked on a day. */
  Spend day(LocalDate day) {
    return days.getOrDefault(day, Spend.NONE);
  }

  /** The answer to a question, if there is one. */
  Optional<LlmEvent.Answered> answer(String requestHash) {
    return Optional.ofNullable(answers.get(key(settings.model(), requestHash)));
  }

  private static String key(String model, String requestHash) {
    return model + ' ' + requestHash;
  }

  /**
   * Whether a question may be sent now. {@link Admission.Go} changes nothing yet: its reservation
   * has to be applied.
   *
   * @param callId names the call if there is to be one
   * @param owner the process that would call
   * @param isAlive whether a process that has reserved something still runs
   */
  public Admission admit(
      LlmRequest request, String callId, String owner, Instant now, Predicate<String> isAlive) {
    String hash = request.requestHash();
    Optional<LlmEvent.Answered> known = answer(hash);
    if (known.isPresent()) {
      return new Admission.Known(known.get());
    }
    LlmEvent.Reserved other = lastCall.get(key(settings.model(), hash));
    if (other != null && isUnderWay(other, now, isAlive)) {
      return new Admission.Wait(LOOK_AGAIN, false);
    }
    long input = worstInput(request);
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
            input / BYTES_PER_USUAL_TOKEN + request.maxOutputTokens());
    return overCap(reservation, now, isAlive)
        .or(() -> tooEarly(now))
        .orElseGet(() -> new Admission.Go(reservation));
  }

  private Optional<Admission> overCap(
      LlmEvent.Reserved wanted, Instant now, Predicate<String> isAlive) {
    Spend alone = Spend.NONE.plus(wanted.microUsd(), wanted.tokens());
    LocalDate today = day(now);
    if (!alone.fits(settings.callCap())) {
      return refused("this call", alone, settings.callCap());
    }
    return overCap(
            "campaign " + wanted.campaignId(),
            campaign(wanted.campaignId()),
            alone,
            settings.campaignCap(),
            now,
            isAlive,
            call -> call.campaignId().equals(wanted.campaignId()))
        .or(
            () ->
                overCap(
                    "day " + today,
                    day(today),
                    alone,
                    settings.dayCap(),
                    now,
                    isAlive,
                    call -> day(call.at()).equals(today)));
  }

  /** Calls under way may turn out cheaper than their worst case: they are worth waiting for. */
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
      if (counts.test(call) && isUnderWay(call, now, isAlive)) {
        settled = settled.plus(-call.microUsd(), -call.tokens());
      }
    }
    Spend atBest = settled.plus(wanted.microUsd(), wanted.tokens());
    return atBest.fits(cap)
        ? Optional.of(new Admission.Wait(LOOK_AGAIN, false))
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

  /** Micro-dollars as dollars. */
  static String dollars(long microUsd) {
    return BigDecimal.valueOf(microUsd, 6).stripTrailingZeros().toPlainString();
  }

  private Optional<Admission> tooEarly(Instant now) {
    if (pausedUntil.isAfter(now)) {
      Duration pause = Duration.between(now, pausedUntil);
      return Optional.of(
          pause.compareTo(PATIENCE) > 0
              ? new Admission.Refused(
                  LlmStatus.RATE_LIMITED, "the provider wants a pause until " + pausedUntil)
              : new Admission.Wait(pause, true));
    }
    Duration wait = requests.waitAt(now);
    Duration forTokens = tokens.waitAt(now);
    Duration longer = wait.compareTo(forTokens) > 0 ? wait : forTokens;
    return longer.isZero() ? Optional.empty() : Optional.of(new Admission.Wait(longer, true));
  }

  private boolean isUnderWay(LlmEvent.Reserved call, Instant now, Predicate<String> isAlive) {
    return open.containsKey(call.callId())
        && now.isBefore(call.until())
        && isAlive.test(call.owner());
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  /** Brings the books up to date. */
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
