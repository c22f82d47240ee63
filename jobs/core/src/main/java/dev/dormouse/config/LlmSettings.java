package dev.dormouse.config;

import dev.dormouse.model.Micros;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The language model to ask, with its price, spending caps and rate limits.
 *
 * @param provider API protocol of the model
 * @param url base URL of the API; empty for the provider's own
 * @param model name of the model at the provider
 * @param apiKeyVariable environment variable that holds the API key; empty if none is needed
 * @param price price of its tokens
 * @param callCap cap for one request, a repair round not included
 * @param campaignCap cap for all requests of a campaign
 * @param dayCap cap for all requests of a day (UTC)
 * @param requestsPerMinute limit of requests a minute, over all processes on the same lake
 * @param tokensPerMinute limit of tokens a minute, requests and replies, over the same processes
 * @param parallelCalls limit of simultaneous calls in one process
 * @param timeout time limit for a reply
 */
@RecordBuilder
public record LlmSettings(
    Provider provider,
    String url,
    String model,
    String apiKeyVariable,
    Price price,
    Cap callCap,
    Cap campaignCap,
    Cap dayCap,
    int requestsPerMinute,
    int tokensPerMinute,
    int parallelCalls,
    Duration timeout) {
  /** API protocol of a language model. */
  public enum Provider {
    /** OpenAI, or any server with an OpenAI-compatible API. */
    OPENAI,
    ANTHROPIC,
    OLLAMA;

    /** Returns the name in configuration. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Returns all names in configuration. */
    public static List<String> ids() {
      return List.of(values()).stream().map(Provider::id).toList();
    }
  }

  /**
   * Price of tokens, in micro-dollars per million tokens.
   *
   * @param input price of request tokens
   * @param output price of reply tokens
   */
  public record Price(long input, long output) {
    /** Returns the cost in micro-dollars, rounded up. */
    public long of(long inputTokens, long outputTokens) {
      long picos =
          Math.addExact(
              Math.multiplyExact(inputTokens, input), Math.multiplyExact(outputTokens, output));
      return Math.floorDiv(Math.addExact(picos, Micros.PER_UNIT - 1), Micros.PER_UNIT);
    }
  }

  /**
   * A spending cap.
   *
   * @param microUsd millionths of a dollar
   * @param tokens request and reply tokens
   */
  public record Cap(long microUsd, long tokens) {}

  /**
   * Returns these settings with the campaign cap lowered to a campaign file's.
   *
   * @param usd dollars that the campaign's file allows
   */
  public LlmSettings withCampaignCap(double usd) {
    long microUsd = Math.min(campaignCap.microUsd(), (long) Math.floor(usd * Micros.PER_UNIT));
    return LlmSettingsBuilder.builder(this)
        .campaignCap(new Cap(microUsd, campaignCap.tokens()))
        .build();
  }
}
