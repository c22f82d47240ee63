package dev.dormouse.cli.text;

import dev.dormouse.mine.MiningSummary;
import dev.dormouse.model.Insight;
import java.io.PrintWriter;
import java.util.List;

/** Formats insights, one line each. */
public final class InsightText {
  private InsightText() {}

  /** Prints the counts of a mining job and its {@code top} most useful insights. */
  public static void printMining(MiningSummary summary, int top, PrintWriter out) {
    if (summary.insights().isEmpty()) {
      out.printf("Mining found no insight in %d runs.%n", summary.runs());
      return;
    }
    out.printf(
        "%d insights from %,d runs in %d studies; the %d most useful:%n",
        summary.insights().size(),
        summary.runs(),
        summary.studies(),
        Math.min(top, summary.insights().size()));
    print(summary.insights().stream().limit(top).toList(), out);
  }

  public static void print(List<Insight> insights, PrintWriter out) {
    for (Insight insight : insights) {
      out.printf("  [%s] %s%n", insight.kind().id(), insight.statement());
    }
    out.flush();
  }
}
