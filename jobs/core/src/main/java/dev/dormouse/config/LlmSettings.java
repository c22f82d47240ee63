package dev.dormouse.config;

import dev.dormouse.model.Micros;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Which language model is asked, at what price, how fast and for how much at most.
 *
 * @param provider how it speaks
 * @param url where it is; empty for the provider's own address
 * @param model its name there
 * @param apiKeyVariable the environment variable that holds the key; empty if none is needed
 * @param price what its tokens cost
 * @param callCap the most that one question may cost, a repair not included
 * @param campaignCap the most that a campaign's questions may cost, all together
 * @param dayCap the most that all questions of a day (UTC) may cost
 * @param requestsPerMinute the most requests a minute, by all processes on the same lake
 * @param tokensPerMinute the most tokens a minute, questions and replies
 * @param parallelCalls the most calls at one time in one process
 * @param timeout how long a reply may take
 */
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
  /** How a model is spoken to. */
  public enum Provider {
    /** OpenAI, or any server that speaks its protocol. */
    OPENAI,
    ANTHROPIC,
    OLLAMA;

    /** The name in configuration. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The names in configuration. */
    public static List<String> ids() {
      return List.of(values()).stream().map(Provider::id).toList();
    }
  }

  /**
   * What tokens cost, in micro-dollars a million tokens.
   *
   * @param input of questions
   * @param output of replies
   */
  public record Price(long input, long output) {
    /** The cost in micro-dollars, rounded up. */
    public long of(long inputTokens, long outputTokens) {
      long picos =
          Math.addExact(
              Math.multiplyExact(inputTokens, input), Math.multiplyExact(outputTokens, output));
      return Math.floorDiv(Math.addExact(picos, Micros.PER_UNIT - 1), Micros.PER_UNIT);
    }
  }

  /**
   * The most that may be spent.
   *
   * @param microUsd in millionths of a dollar
   * @param tokens of questions and replies
   */
  public record Cap(long microUsd, long tokens) {}

  /** The same, with no campaign spending more than its own file allows. */
  public LlmSettings withCampaignCap(double usd) {
    return new LlmSettings(
        provider,
        url,
        model,
        apiKeyVariable,
        price,
        callCap,
        new Cap(
            Math.min(campaignCap.microUsd(), (long) Math.floor(usd * Micros.PER_UNIT)),
            campaignCap.tokens()),
        dayCap,
        requestsPerMinute,
        tokensPerMinute,
        parallelCalls,
        timeout);
  }
}
