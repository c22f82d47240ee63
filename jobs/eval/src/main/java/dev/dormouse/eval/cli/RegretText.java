package dev.dormouse.eval.cli;

import dev.dormouse.cli.text.Columns;
import dev.dormouse.eval.replay.ComparedRegret;
import dev.dormouse.stats.Estimate;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Formats the regret of several methods as a table, after 1, 5, 10 and 20 evaluations. */
final class RegretText {
  private static final int[] SHOWN = {1, 5, 10, 20};

  private RegretText() {}

  /**
   * Prints a row for each method; brackets hold the difference from the reference and its interval.
   */
  static void print(PrintWriter out, List<ComparedRegret> compared) {
    print(out, "method", compared);
  }

  /**
   * Prints a row for each of those compared.
   *
   * @param what what they are
   */
  static void print(PrintWriter out, String what, List<ComparedRegret> compared) {
    int budget = compared.get(0).regret().size();
    int[] shown = IntStream.of(SHOWN).filter(n -> n <= budget).toArray();
    List<String> header = new ArrayList<>(List.of(what));
    IntStream.of(shown).forEach(n -> header.add("after " + n));
    header.add("over all");
    List<List<String>> rows = new ArrayList<>();
    for (ComparedRegret one : compared) {
      List<String> row = new ArrayList<>(List.of(one.name()));
      IntStream.of(shown)
          .forEach(
              n ->
                  row.add(
                      number(one.regret().get(n - 1))
                          + (one.behind().isEmpty() ? "" : bracket(one.behind().get(n - 1)))));
      row.add(number(one.overAll()) + one.behindOverAll().map(RegretText::bracket).orElse(""));
      rows.add(row);
    }
    Columns.print(out, header, rows);
  }

  private static String number(double regret) {
    return String.format(Locale.ROOT, "%.3f", regret);
  }

  private static String bracket(Estimate behind) {
    return String.format(
        Locale.ROOT, " (%+.3f [%+.3f, %+.3f])", behind.mean(), behind.low(), behind.high());
  }
}
