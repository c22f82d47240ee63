package dev.dormouse.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.dormouse.cli.text.LlmSpendingText;
import dev.dormouse.config.Deployment;
import dev.dormouse.config.LlmSettings;
import dev.dormouse.llm.LlmSpending;
import dev.dormouse.runbook.Redaction;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse llm status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description =
        "Shows the spending on language models by campaign and day, its caps, and the last"
            + " failure.")
final class LlmStatusCommand implements Callable<Integer> {
  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Deployment deployment = lake.deployment();
    LlmSpending spending = LlmSpending.of(deployment.lake());
    if (output.isJson()) {
      output.printJson(StatusJson.of(deployment.llm(), spending));
    } else {
      LlmSpendingText.print(deployment.llm(), spending, output.out());
    }
    return ExitCode.OK;
  }

  /** What {@code --json} prints, which other programs read. */
  private record StatusJson(
      long cached,
      @JsonProperty("campaign_cap") Optional<LlmSettings.Cap> campaignCap,
      Map<String, LlmSpending.Line> campaigns,
      @JsonProperty("day_cap") Optional<LlmSettings.Cap> dayCap,
      Map<LocalDate, LlmSpending.Line> days,
      @JsonProperty("last_failure") Optional<String> lastFailure,
      Optional<String> model,
      Map<String, Long> replies) {
    static StatusJson of(Optional<LlmSettings> llm, LlmSpending spending) {
      return new StatusJson(
          spending.cached(),
          llm.map(LlmSettings::campaignCap),
          spending.campaigns(),
          llm.map(LlmSettings::dayCap),
          spending.days(),
          spending.lastFailure().map(Redaction::of),
          llm.map(LlmSettings::model),
          spending.replies());
    }
  }
}
