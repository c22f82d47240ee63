package dev.dormouse.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.config.LlmSettings.Cap;
import dev.dormouse.config.LlmSettings.Price;
import dev.dormouse.config.LlmSettingsBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LlmLedgerTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final long PLENTY = 1_000_000_000;
  // 50 bytes, 64 tokens of wrapping and 86 of reply: 200 tokens and as many micro-dollars at worst.
  private static final long WORST = 200;

  private Instant now = NOON;
  private int calls;

  private static LlmSettings settings(long call, long campaign, long day) {
    return LlmSettingsBuilder.builder()
        .provider(LlmSettings.Provider.OPENAI)
        .url("")
        .model("m")
        .apiKeyVariable("")
        .price(new Price(1_000_000, 1_000_000))
        .callCap(new Cap(call, PLENTY))
        .campaignCap(new Cap(campaign, PLENTY))
        .dayCap(new Cap(day, PLENTY))
        .requestsPerMinute(60)
        .tokensPerMinute(1_000_000)
        .parallelCalls(4)
        .timeout(Duration.ofSeconds(30))
        .build();
  }

  private static LlmRequest request(String campaign, int number) {
    return new LlmRequest("test", campaign, "", String.format("%050d", number), "", 86);
  }

  private Admission admit(LlmLedger ledger, LlmRequest request) {
    return admit(ledger, request, true);
  }

  private Admission admit(LlmLedger ledger, LlmRequest request, boolean othersLive) {
    return ledger.admit(request, "call" + calls++, "me", now, owner -> othersLive);
  }

  /** Reserves, a minute after the last: no rate is in the way. */
  private LlmEvent.Reserved reserve(LlmLedger ledger, LlmRequest request) {
    now = now.plusSeconds(60);
    Admission admission = admit(ledger, request);
    assertThat(admission).isInstanceOf(Admission.Allowed.class);
    LlmEvent.Reserved reservation = ((Admission.Allowed) admission).reservation();
    ledger.apply(reservation);
    return reservation;
  }

  private LlmEvent.Answered answer(LlmEvent.Reserved call, long tokens) {
    return new LlmEvent.Answered(
        call.callId(), "yes", false, tokens, 0, tokens, Duration.ofMillis(3), now);
  }

  private LlmEvent.Failed failure(LlmEvent.Reserved call, LlmStatus status, boolean billed) {
    return new LlmEvent.Failed(call.callId(), status, billed, Optional.empty(), "", now);
  }

  private static void isRefused(Admission admission, String reason) {
    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(LlmStatus.OVER_CAP);
              assertThat(refused.reason()).contains(reason);
            });
  }

  @Test
  void asksUpToEachCapAndNotAMicroDollarFurther() {
    assertThat(admit(new LlmLedger(settings(WORST, PLENTY, PLENTY)), request("c", 1)))
        .isInstanceOf(Admission.Allowed.class);
    isRefused(
        admit(new LlmLedger(settings(WORST - 1, PLENTY, PLENTY)), request("c", 1)),
        "this call to $0.0002, above its cap of $0.000199");
    isRefused(
        admit(new LlmLedger(settings(WORST, WORST - 1, PLENTY)), request("c", 1)), "campaign c");
    isRefused(
        admit(new LlmLedger(settings(WORST, PLENTY, WORST - 1)), request("c", 1)),
        "day 2026-03-01");
  }

  @Test
  void whatIsSettledCountsAndOneCampaignDoesNotPayForAnother() {
    LlmLedger ledger = new LlmLedger(settings(WORST, WORST + 50, PLENTY));
    ledger.apply(answer(reserve(ledger, request("c", 1)), 51));
    isRefused(admit(ledger, request("c", 2)), "campaign c to $0.000251");
    reserve(ledger, request("d", 2));
    assertThat(ledger.campaign("c").microUsd()).isEqualTo(51);
  }

  @Test
  void aNewDayHasItsOwnCap() {
    LlmLedger ledger = new LlmLedger(settings(WORST, PLENTY, WORST));
    ledger.apply(answer(reserve(ledger, request("c", 1)), 100));
    isRefused(admit(ledger, request("c", 2)), "day");
    now = NOON.plus(Duration.ofHours(12));
    assertThat(admit(ledger, request("c", 2))).isInstanceOf(Admission.Allowed.class);
  }

  @Test
  void waitsForCallsUnderWayThatMayTurnOutCheaper() {
    LlmLedger ledger = new LlmLedger(settings(WORST, WORST + 150, PLENTY));
    LlmEvent.Reserved first = reserve(ledger, request("c", 1));
    assertThat(admit(ledger, request("c", 2))).isInstanceOf(Admission.Wait.class);
    ledger.apply(answer(first, 150));
    now = now.plusSeconds(60);
    assertThat(admit(ledger, request("c", 2))).isInstanceOf(Admission.Allowed.class);
  }

  @Test
  void whatMayHaveBeenBilledStaysBooked() {
    LlmLedger ledger = new LlmLedger(settings(WORST, WORST + 150, PLENTY));
    ledger.apply(failure(reserve(ledger, request("c", 1)), LlmStatus.UNANSWERED, true));
    isRefused(admit(ledger, request("c", 1)), "campaign c");
    assertThat(ledger.campaign("c").microUsd()).isEqualTo(WORST);
  }

  @Test
  void whatDiedWithItsProcessStaysBookedButIsNotWaitedFor() {
    LlmLedger ledger = new LlmLedger(settings(WORST, 2 * WORST, PLENTY));
    LlmRequest request = request("c", 1);
    reserve(ledger, request);
    assertThat(admit(ledger, request)).isInstanceOf(Admission.Wait.class);
    assertThat(admit(ledger, request, false)).isInstanceOf(Admission.Wait.class);
    now = now.plusSeconds(1);
    assertThat(admit(ledger, request)).as("the other lives").isInstanceOf(Admission.Wait.class);
    assertThat(admit(ledger, request, false)).as("it died").isInstanceOf(Admission.Allowed.class);
    now = now.plusSeconds(60);
    assertThat(admit(ledger, request)).as("past its time").isInstanceOf(Admission.Allowed.class);
    reserve(ledger, request);
    isRefused(admit(ledger, request("c", 2), false), "campaign c");
  }

  @Test
  void whatWasNotBilledIsGivenBack() {
    LlmLedger ledger = new LlmLedger(settings(WORST, WORST, PLENTY));
    ledger.apply(failure(reserve(ledger, request("c", 1)), LlmStatus.UNAVAILABLE, false));
    assertThat(ledger.campaign("c").microUsd()).isZero();
    reserve(ledger, request("c", 1));
  }

  @Test
  void nothingIsAskedTwiceWhoeverAsksForWhatever() {
    LlmLedger ledger = new LlmLedger(settings(PLENTY, PLENTY, PLENTY));
    LlmRequest request = request("c", 1);
    ledger.apply(answer(reserve(ledger, request), 10));
    now = now.plusSeconds(60);
    LlmRequest ofOthers = new LlmRequest("else", "d", "", request.prompt(), "", 86);
    assertThat(admit(ledger, ofOthers))
        .isInstanceOfSatisfying(
            Admission.Cached.class, cached -> assertThat(cached.answer().text()).isEqualTo("yes"));
    assertThat(admit(ledger, new LlmRequest("test", "c", "", request.prompt(), "{}", 86)))
        .isInstanceOf(Admission.Allowed.class);
  }

  @Test
  void aPauseThatTheProviderWantsIsKeptUnlessItIsTooLong() {
    LlmLedger ledger = new LlmLedger(settings(WORST, PLENTY, PLENTY));
    LlmEvent.Reserved call = reserve(ledger, request("c", 1));
    ledger.apply(
        new LlmEvent.Failed(
            call.callId(),
            LlmStatus.RATE_LIMITED,
            false,
            Optional.of(now.plusSeconds(7)),
            "",
            now));
    assertThat(admit(ledger, request("c", 2)))
        .isEqualTo(new Admission.Wait(Duration.ofSeconds(7), true));
    ledger.apply(
        new LlmEvent.Failed(
            reserve(ledger, request("c", 1)).callId(),
            LlmStatus.RATE_LIMITED,
            false,
            Optional.of(now.plusSeconds(3_600)),
            "",
            now));
    assertThat(admit(ledger, request("c", 2)))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> assertThat(refused.status()).isEqualTo(LlmStatus.RATE_LIMITED));
  }

  @Test
  void keepsARateAndUsesNearlyAllOfIt() {
    for (long perMinute : new long[] {1, 7, 60, 1_000, 60_000}) {
      RateLimit limit = new RateLimit(perMinute);
      Instant end = NOON.plus(Duration.ofMinutes(5));
      long sent = 0;
      for (Instant at = NOON; at.isBefore(end); sent++) {
        limit.take(1, at);
        // As late as a thread that is woken up.
        at = at.plus(limit.waitAt(at)).plusNanos(sent % 3 * 100_000);
      }
      double permitted = 5.0 * perMinute;
      assertThat((double) sent)
          .as("%d a minute", perMinute)
          .isBetween(0.95 * permitted, permitted + perMinute / 240.0 + 1);
    }
  }

  @Test
  void tokensAreGivenBackWhenRepliesAreShorterThanExpected() {
    RateLimit limit = new RateLimit(60_000);
    limit.take(5_000, NOON);
    assertThat(limit.waitAt(NOON)).isGreaterThan(Duration.ofSeconds(4));
    limit.giveBack(4_900);
    assertThat(limit.waitAt(NOON)).isZero();
  }
}
