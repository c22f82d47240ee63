package dev.dormouse.llm;

import dev.dormouse.config.LlmSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Batches without Spark, for few questions and short processes. Caps, rates and what was answered
 * before are those of the lake all the same, but {@code llm_calls} does not get their rows.
 */
public final class DirectBatches implements LlmBatches {
  private final LlmEngine engine;

  /**
   * Batches whose books are kept in this lake.
   *
   * @throws dev.dormouse.config.BadInputException if the provider's key is not in the environment
   */
  public DirectBatches(Path lake, LlmSettings settings, Clock clock) {
    this.engine = LlmEngine.of(settings, LlmJournal.in(lake), clock);
  }

  @Override
  public List<LlmReply> ask(List<LlmRequest> requests) {
    List<CompletableFuture<LlmEngine.Reply>> asked = requests.stream().map(engine::ask).toList();
    List<LlmReply> replies = asked.stream().map(reply -> LlmEngine.await(reply).reply()).toList();
    if (!requests.isEmpty()) {
      engine.endBatch(requests.get(0), replies);
    }
    return replies;
  }
}
