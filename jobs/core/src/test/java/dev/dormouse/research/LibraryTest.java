package dev.dormouse.research;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.research.Library.Found;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LibraryTest {
  private static Optional<Embedder> embedder = Optional.empty();

  @BeforeAll
  static void load() {
    embedder = Embedder.builtIn();
  }

  @Test
  void embedsInThisProcess() {
    List<List<Float>> vectors =
        embedder
            .orElseThrow()
            .embed(
                List.of(
                    "the model memorizes rare ids",
                    "overfitting on infrequent categories",
                    "a recipe for apple pie"));

    assertThat(vectors.get(0)).hasSize(384);
    assertThat(Library.cosine(vectors.get(0), vectors.get(1)))
        .isGreaterThan(Library.cosine(vectors.get(0), vectors.get(2)));
  }

  @Test
  void findsWhatTheSearchSpaceCanUseAndSaysWhy() {
    for (Optional<Embedder> by : List.of(embedder, Optional.<Embedder>empty())) {
      Library library = Library.of(TechniqueCards.builtIn(), List.of(paper()), by);
      List<Found> found = library.find(wanted("net_dropout"), 5);

      assertThat(found.get(0).document().scope().parameters()).containsExactly("net_dropout");
      assertThat(found.get(0).reasons()).anyMatch(reason -> reason.contains("moves net_dropout"));
      assertThat(found)
          .filteredOn(one -> one.document().kind() == Document.Kind.CARD)
          .allMatch(one -> one.document().scope().parameters().contains("net_dropout"));
      assertThat(library.find(wanted("net_dropout"), 5)).isEqualTo(found);
    }
  }

  @Test
  void leavesOutCardsForOtherModels() {
    Library library = Library.of(TechniqueCards.builtIn(), List.of(), Optional.empty());

    assertThat(library.find(wanted("num_cross_layers"), 50)).isEmpty();
    assertThat(
            library.find(
                new ResearchQuery(
                    "DCN_v2", Map.of("num_cross_layers", List.of()), Map.of("q", "cross")),
                50))
        .extracting(found -> found.document().id())
        .containsExactly("more-cross-layers");
  }

  @Test
  void leavesOutCardsForValuesThatTheSearchSpaceHasNot() {
    Library library = Library.of(TechniqueCards.builtIn(), List.of(), Optional.empty());
    ResearchQuery wanted =
        new ResearchQuery("dnn", Map.of("model", List.of("dnn", "deep_fm")), Map.of("q", "model"));

    assertThat(library.find(wanted, 50))
        .extracting(found -> found.document().id())
        .containsExactly("deepfm");
  }

  @Test
  void findsPapersByWhatInsightsSay() {
    Library library = Library.of(TechniqueCards.builtIn(), List.of(paper()), Optional.empty());
    ResearchQuery wanted =
        new ResearchQuery("dnn", Map.of(), Map.of("insight i-1", "hedgehogs in embedding tables"));

    Found first = library.find(wanted, 1).get(0);
    assertThat(first.document().id()).isEqualTo("hog");
    assertThat(first.reasons().get(0)).contains("insight i-1");
  }

  private static ResearchQuery wanted(String parameter) {
    return new ResearchQuery(
        "dnn",
        Map.of(parameter, List.of("0", "0.1")),
        Map.of("the baseline", "overfitting of the tower"));
  }

  private static Document paper() {
    Paper paper =
        new Paper(
            "hog",
            "Hedgehogs in the embedding table",
            List.of("A. Nonymous"),
            OptionalInt.of(2020),
            "",
            "",
            "",
            "https://example.org/hog",
            "CC0");
    return Document.of(paper, List.of());
  }
}
