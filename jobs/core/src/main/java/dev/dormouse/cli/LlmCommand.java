package dev.dormouse.cli;

import dev.dormouse.cli.text.Columns;
import dev.dormouse.config.Deployment;
import dev.dormouse.config.LlmSettings;
import dev.dormouse.llm.LlmSpending;
import dev.dormouse.runbook.Redaction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code dormouse llm ...}. */
@Command(
    name = "llm",
    mixinStandardHelpOptions = true,
    description = "What language models were asked.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = LlmCommand.Status.class)
final class LlmCommand {
  private LlmCommand() {}

  /** {@code dormouse llm status}. */
  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description =
          "What was spent on language models by campaign and day, under which caps, and how it"
              + " went.")
  static final class Status extends LakeCommand {
    @picocli.CommandLine.Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Override
    public Integer call() {
      Deployment deployment = deployment();
      LlmSpending spending = LlmSpending.of(deployment.lake());
      if (json) {
        printJson(values(deployment.llm(), spending));
        return ExitCode.OK;
      }
      out()
          .println(
              deployment
                  .llm()
                  .map(
                      llm ->
                          "Model "
                              + llm.model()
                              + " ("
                              + llm.provider().id()
                              + "), at most "
                              + llm.requestsPerMinute()
                              + " requests and "
                              + llm.tokensPerMinute()
                              + " tokens a minute.")
                  .orElse("No model is configured: the deployment has no key llm.model."));
      if (spending.days().isEmpty()) {
        out().println("Nothing was asked yet.");
        return ExitCode.OK;
      }
      table("CAMPAIGN", spending.campaigns(), deployment.llm().map(LlmSettings::campaignCap));
      table("DAY", spending.days(), deployment.llm().map(LlmSettings::dayCap));
      long replies = spending.replies().values().stream().mapToLong(Long::longValue).sum();
      out()
          .printf(
              Locale.ROOT,
              "Replies of batches: %,d, of which %,d were known before: %s%n",
              replies,
              spending.cached(),
              spending.replies());
      spending
          .lastFailure()
          .ifPresent(failure -> out().println("Last failure: " + Redaction.of(failure)));
      return ExitCode.OK;
    }

    private void table(String of, Map<?, LlmSpending.Line> lines, Optional<LlmSettings.Cap> cap) {
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
          out(), List.of(of, "CALLS", "ANSWERED", "TOKENS", "USD", "UNSETTLED", "CAP"), rows);
      out().println();
    }

    private static String dollars(long microUsd) {
      BigDecimal dollars = BigDecimal.valueOf(microUsd, 6);
      return dollars.stripTrailingZeros().scale() < 2
          ? dollars.setScale(2).toPlainString()
          : dollars.stripTrailingZeros().toPlainString();
    }

    private static Map<String, Object> values(Optional<LlmSettings> llm, LlmSpending spending) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("model", llm.map(LlmSettings::model));
      values.put("campaign_cap", llm.map(LlmSettings::campaignCap));
      values.put("day_cap", llm.map(LlmSettings::dayCap));
      values.put("campaigns", spending.campaigns());
      values.put("days", spending.days());
      values.put("replies", spending.replies());
      values.put("cached", spending.cached());
      values.put("last_failure", spending.lastFailure().map(Redaction::of));
      return values;
    }
  }
}
