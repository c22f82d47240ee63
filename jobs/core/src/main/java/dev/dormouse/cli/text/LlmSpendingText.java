package dev.dormouse.cli.text;

import dev.dormouse.config.LlmSettings;
import dev.dormouse.llm.LlmSpending;
import dev.dormouse.runbook.Redaction;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Formats the spending on language models. */
public final class LlmSpendingText {
  private LlmSpendingText() {}

  /** Prints the model, a table of spending by campaign, one by day, and how the replies went. */
  public static void print(Optional<LlmSettings> llm, LlmSpending spending, PrintWriter out) {
    out.println(
        llm.map(LlmSpendingText::limits)
            .orElse("No model is configured: the deployment has no key llm.model."));
    if (spending.days().isEmpty()) {
      out.println("Nothing was asked yet.");
      return;
    }
    printTable("CAMPAIGN", spending.campaigns(), llm.map(LlmSettings::campaignCap), out);
    printTable("DAY", spending.days(), llm.map(LlmSettings::dayCap), out);
    long replies = spending.replies().values().stream().mapToLong(Long::longValue).sum();
    out.printf(
        Locale.ROOT,
        "Replies of batches: %,d, of which %,d were known before: %s%n",
        replies,
        spending.cached(),
        spending.replies());
    spending
        .lastFailure()
        .ifPresent(failure -> out.println("Last failure: " + Redaction.of(failure)));
  }

  private static String limits(LlmSettings llm) {
    return "Model "
        + llm.model()
        + " ("
        + llm.provider().id()
        + "), at most "
        + llm.requestsPerMinute()
        + " requests and "
        + llm.tokensPerMinute()
        + " tokens a minute.";
  }

  private static void printTable(
      String heading,
      Map<?, LlmSpending.Line> lines,
      Optional<LlmSettings.Cap> cap,
      PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    lines.forEach(
        (name, line) ->
            rows.add(
                List.of(
                    name.toString(),
                    Long.toString(line.calls()),
                    Long.toString(line.answered()),
                    Long.toString(line.tokens()),
                    dollars(line.microUsd()),
                    dollars(line.unsettledMicroUsd()),
                    cap.map(most -> dollars(most.microUsd())).orElse("-"))));
    Columns.print(
        out, List.of(heading, "CALLS", "ANSWERED", "TOKENS", "USD", "UNSETTLED", "CAP"), rows);
    out.println();
  }

  private static String dollars(long microUsd) {
    BigDecimal dollars = BigDecimal.valueOf(microUsd, 6).stripTrailingZeros();
    return dollars.scale() < 2 ? dollars.setScale(2).toPlainString() : dollars.toPlainString();
  }
}
