package dev.dormouse.llm;

import dev.dormouse.config.LlmSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks without Spark, for few questions and short processes. Caps, rates and known answers are the
 * lake's, but no rows are written to {@code llm_calls}.
 */
public final class DirectBatches implements LlmBatches {
  private final LlmEngine engine;

  /**
   * Uses the journal of this lake.
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
