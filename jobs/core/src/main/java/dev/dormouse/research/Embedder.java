package dev.dormouse.research;

import java.util.List;
import java.util.Optional;

/** Turns texts into vectors of length 1 whose product says how near texts are in meaning. */
public interface Embedder {
  /** One vector a text, in order. */
  List<List<Float>> embed(List<String> texts);

  /**
   * The embedder that ships with Dormouse; empty where its native parts do not load, so that search
   * goes by words alone.
   */
  static Optional<Embedder> builtIn() {
    return MiniLm.load();
  }
}
