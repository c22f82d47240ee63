package dev.dormouse.cli;

import dev.dormouse.cli.text.HypothesisText;
import dev.dormouse.config.Deployment;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.wiring.SparkJobs;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse rank}. */
@Command(
    name = "rank",
    mixinStandardHelpOptions = true,
    description = "Ranks a campaign's hypotheses and shows every term of their scores.")
final class RankCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() {
    Deployment deployment = lake.deployment();
    List<Hypothesis> ranked =
        SparkJobs.hypotheses(deployment, campaign.spec(LakeOptions.open(deployment))).hypotheses();
    if (output.isJson()) {
      output.printJson(ranked);
    } else {
      HypothesisText.printScores(ranked, output.out());
    }
    return ExitCode.OK;
  }
}
