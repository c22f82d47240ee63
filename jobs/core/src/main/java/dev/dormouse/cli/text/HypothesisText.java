package dev.dormouse.cli.text;

import dev.dormouse.model.Hypothesis;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Formats hypotheses: with their reasons, or as a table of the terms of their scores. */
public final class HypothesisText {
  private HypothesisText() {}

  /** Prints claim, rationale, evidence and forecast of each hypothesis. */
  public static void print(List<Hypothesis> hypotheses, PrintWriter out) {
    for (Hypothesis hypothesis : hypotheses) {
      out.printf("[%s] %s%n", hypothesis.source().id(), hypothesis.claim());
      out.printf(
          "    %s; evidence %s%n",
          hypothesis.rationale(), String.join(", ", hypothesis.evidence()));
      out.printf(
          Locale.ROOT,
          "    expected gain %+.4f (sd %.4f), fails with probability %.2f%n",
          hypothesis.forecast().gain(),
          hypothesis.forecast().gainSd(),
          hypothesis.forecast().pFailure());
    }
  }

  /** Prints a table with a row for each hypothesis and a column for each term of the scores. */
  public static void printScores(List<Hypothesis> ranked, PrintWriter out) {
    List<String> terms =
        List.copyOf(
            new TreeSet<>(ranked.stream().flatMap(h -> h.terms().keySet().stream()).toList()));
    List<String> headings = new ArrayList<>(List.of("rank", "changes", "source", "score"));
    headings.addAll(terms);
    List<List<String>> rows = new ArrayList<>();
    for (Hypothesis hypothesis : ranked) {
      rows.add(row(rows.size() + 1, hypothesis, terms));
    }
    Columns.print(out, headings, rows);
  }

  private static List<String> row(int rank, Hypothesis hypothesis, List<String> terms) {
    List<String> row = new ArrayList<>();
    row.add(Integer.toString(rank));
    row.add(String.join(", ", hypothesis.changes().stream().map(Object::toString).toList()));
    row.add(hypothesis.source().id());
    row.add(number(hypothesis.score()));
    for (String term : terms) {
      row.add(hypothesis.terms().containsKey(term) ? number(hypothesis.terms().get(term)) : "-");
    }
    return row;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5f", value);
  }
}
