package dev.dormouse.cli;

import dev.dormouse.cli.text.HypothesisText;
import dev.dormouse.config.Deployment;
import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.plan.RankedHypotheses;
import dev.dormouse.wiring.SparkJobs;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse hypothesize}. */
@Command(
    name = "hypothesize",
    mixinStandardHelpOptions = true,
    description =
        "Shows what history, research and, if one is configured, a language model suggest for a"
            + " campaign, with the evidence.")
final class HypothesizeCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Deployment deployment = lake.deployment();
    RankedHypotheses ranked =
        SparkJobs.hypotheses(deployment, campaign.spec(LakeOptions.open(deployment)));
    for (IdeaRefusal refusal : ranked.refusals()) {
      output
          .err()
          .println(
              "not taken from the language model: " + refusal.kind() + ": " + refusal.detail());
    }
    if (output.isJson()) {
      output.printJson(ranked.hypotheses());
    } else {
      HypothesisText.print(ranked.hypotheses(), output.out());
    }
    return ExitCode.OK;
  }
}
