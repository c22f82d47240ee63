package dev.dormouse.research;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.List;
import java.util.Optional;

/** Computes embeddings by all-MiniLM-L6-v2, quantized, in this process: needs no network. */
final class MiniLm implements Embedder {
  private final EmbeddingModel model;

  private MiniLm(EmbeddingModel model) {
    this.model = model;
  }

  static Optional<Embedder> load() {
    // Otherwise the tokenizer's library downloads native parts that it lacks.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    try {
      return Optional.of(new MiniLm(new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run)));
    } catch (LinkageError | RuntimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<List<Float>> embed(List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    return model
        .embedAll(texts.stream().map(t -> TextSegment.from(t.isBlank() ? "-" : t)).toList())
        .content()
        .stream()
        .map(Embedding::vectorAsList)
        .toList();
  }
}
