package dev.dormouse.research;

import dev.dormouse.model.Technique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Searches cards and papers: by meaning if there is an {@link Embedder}, else by words (BM25:
 * Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009), and always by the
 * parameters and models that they are about.
 */
public final class Library {
  /** Bonus of a card if the search space has all parameters that it moves. */
  private static final double ALL_MOVES = 0.5;

  /** Bonus of a card if the search space has some of the parameters that it moves. */
  private static final double SOME_MOVES = 0.15;

  private static final double NAMED_MODEL = 0.25;

  /** Usual parameters of BM25. */
  private static final double K1 = 1.2;

  private static final double B = 0.75;

  /**
   * A search result.
   *
   * @param document the document
   * @param score higher is better; comparable within one search only
   * @param reasons sentences that say why it was found
   */
  public record Found(Document document, double score, List<String> reasons) {
    public Found {
      reasons = List.copyOf(reasons);
    }
  }

  private final List<Document> documents;
  private final Optional<Embedder> embedder;
  private final List<Map<String, Long>> words;
  private final Map<String, Integer> documentsWith = new HashMap<>();
  private final double meanLength;

  private Library(List<Document> documents, Optional<Embedder> embedder) {
    this.embedder = embedder;
    this.documents = embedder.map(e -> withEmbeddings(documents, e)).orElse(documents);
    this.words = documents.stream().map(document -> words(document.text())).toList();
    words.forEach(w -> w.keySet().forEach(word -> documentsWith.merge(word, 1, Integer::sum)));
    this.meanLength = words.stream().mapToLong(Library::length).average().orElse(1);
  }

  /** Builds the library of these cards and papers; computes missing embeddings. */
  public static Library of(
      List<Technique> cards, List<Document> papers, Optional<Embedder> embedder) {
    List<Document> documents = new ArrayList<>(cards.stream().map(Document::of).toList());
    documents.addAll(papers);
    return new Library(documents, embedder);
  }

  /** Returns whether it searches by meaning, not by words alone. */
  public boolean searchesByMeaning() {
    return embedder.isPresent();
  }

  /**
   * Returns the documents that match best, best first. Leaves out cards that touch nothing of the
   * search space, or are for other models.
   */
  public List<Found> find(ResearchQuery query, int count) {
    double[][] nearness = nearness(List.copyOf(query.questions().values()));
    List<String> origins = List.copyOf(query.questions().keySet());
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      Document document = documents.get(i);
      if (!usable(document, query)) {
        continue;
      }
      int best = 0;
      for (int question = 1; question < origins.size(); question++) {
        best = nearness[question][i] > nearness[best][i] ? question : best;
      }
      found.add(found(document, query, origins.get(best), nearness[best][i]));
    }
    found.sort(
        Comparator.comparingDouble((Found f) -> -f.score()).thenComparing(f -> f.document().id()));
    return found.stream().limit(count).toList();
  }

  private Found found(Document document, ResearchQuery query, String origin, double nearness) {
    List<String> reasons = new ArrayList<>();
    double score = nearness;
    reasons.add(
        String.format(
            Locale.ROOT,
            "%s %s (%.2f)",
            embedder.isPresent() ? "near in meaning to" : "shares words with",
            origin,
            nearness));
    Set<String> touched = touched(document, query);
    if (!touched.isEmpty()) {
      boolean all = touched.size() == document.scope().parameters().size();
      score += all ? ALL_MOVES : SOME_MOVES;
      reasons.add(
          "moves " + String.join(", ", touched) + (all ? "" : ", among what it cannot move here"));
    }
    if (!document.scope().models().isEmpty()) {
      score += NAMED_MODEL;
      reasons.add("is for model " + query.model());
    }
    return new Found(document, score, reasons);
  }

  private static boolean usable(Document document, ResearchQuery query) {
    if (document.kind() == Document.Kind.PAPER) {
      return true;
    }
    boolean model =
        document.scope().models().isEmpty()
            || document.scope().models().stream()
                .anyMatch(m -> plain(m).equals(plain(query.model())));
    return model && (query.choices().isEmpty() || !touched(document, query).isEmpty());
  }

  private static Set<String> touched(Document document, ResearchQuery query) {
    return query.parameters().stream()
        .filter(document.scope().parameters()::contains)
        .filter(parameter -> isAllowed(document, parameter, query))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns whether the search space allows one of the values that a card sets a parameter to. */
  private static boolean isAllowed(Document document, String parameter, ResearchQuery query) {
    List<String> values = document.scope().settings().getOrDefault(parameter, List.of());
    List<String> choices = query.choices().get(parameter);
    return values.isEmpty()
        || choices.isEmpty()
        || choices.stream()
            .anyMatch(choice -> values.stream().anyMatch(v -> plain(v).equals(plain(choice))));
  }

  /** Returns the nearness of each question (row) to each document (column), from 0 to 1. */
  private double[][] nearness(List<String> questions) {
    return embedder.isPresent()
        ? byMeaning(embedder.get().embed(questions))
        : questions.stream().map(this::byWords).toArray(double[][]::new);
  }

  private double[][] byMeaning(List<List<Float>> questions) {
    return questions.stream()
        .map(
            question ->
                documents.stream()
                    .mapToDouble(d -> Math.max(0, cosine(question, d.embedding())))
                    .toArray())
        .toArray(double[][]::new);
  }

  /** Returns the cosine similarity of two vectors; 0 if their sizes differ. */
  public static double cosine(List<Float> a, List<Float> b) {
    if (a.size() != b.size() || a.isEmpty()) {
      return 0;
    }
    double product = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.size(); i++) {
      product += (double) a.get(i) * b.get(i);
      aa += (double) a.get(i) * a.get(i);
      bb += (double) b.get(i) * b.get(i);
    }
    return aa > 0 && bb > 0 ? product / Math.sqrt(aa * bb) : 0;
  }

  private double[] byWords(String question) {
    double[] scores =
        IntStream.range(0, documents.size())
            .mapToDouble(
                i -> words(question).keySet().stream().mapToDouble(word -> weight(word, i)).sum())
            .toArray();
    double most = Arrays.stream(scores).max().orElse(0);
    return Arrays.stream(scores).map(s -> most > 0 ? s / most : 0).toArray();
  }

  private double weight(String word, int document) {
    double times = words.get(document).getOrDefault(word, 0L);
    int with = documentsWith.getOrDefault(word, 0);
    double rare = Math.log(1 + (documents.size() - with + 0.5) / (with + 0.5));
    double longer = 1 - B + B * length(words.get(document)) / meanLength;
    return rare * times * (K1 + 1) / (times + K1 * longer);
  }

  private static long length(Map<String, Long> words) {
    return words.values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<String, Long> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^a-z0-9]+"))
        .filter(word -> word.length() > 2)
        .map(word -> word.endsWith("s") ? word.substring(0, word.length() - 1) : word)
        .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
  }

  private static List<Document> withEmbeddings(List<Document> documents, Embedder embedder) {
    List<Document> without = documents.stream().filter(d -> d.embedding().isEmpty()).toList();
    List<List<Float>> vectors = embedder.embed(without.stream().map(Document::text).toList());
    List<Document> all = new ArrayList<>();
    int next = 0;
    for (Document document : documents) {
      all.add(
          document.embedding().isEmpty() ? document.withEmbedding(vectors.get(next++)) : document);
    }
    return List.copyOf(all);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
