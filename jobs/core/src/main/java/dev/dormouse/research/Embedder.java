package dev.dormouse.research;

import java.util.List;
import java.util.Optional;

/** Turns texts into vectors of length 1; their product is the similarity in meaning. */
public interface Embedder {
  /** Returns one vector for each text, in order. */
  List<List<Float>> embed(List<String> texts);

  /**
   * Returns the embedder that ships with Dormouse; empty if its native libraries do not load on
   * this machine. Search then goes by words alone.
   */
  static Optional<Embedder> builtIn() {
    return MiniLm.load();
  }
}
