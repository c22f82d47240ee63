package dev.dormouse.cli;

import dev.dormouse.hypothesize.IdeaRefusal;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.plan.RankedHypotheses;
import dev.dormouse.wiring.SparkJobs;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse hypothesize}. */
@Command(
    name = "hypothesize",
    mixinStandardHelpOptions = true,
    description =
        "Shows what history, research and, if one is configured, a language model suggest for a"
            + " campaign, with the evidence.")
final class HypothesizeCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", description = "The campaign.")
  private String campaignId;

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() {
    KernelLake lake = openLake();
    CampaignSpec spec = CampaignLookup.spec(lake, campaignId);
    RankedHypotheses found = SparkJobs.hypotheses(deployment(), spec);
    List<Hypothesis> ranked = found.hypotheses();
    for (IdeaRefusal refusal : found.refusals()) {
      err()
          .println(
              "not taken from the language model: " + refusal.kind() + ": " + refusal.detail());
    }
    if (json) {
      printJson(ranked);
      return ExitCode.OK;
    }
    for (Hypothesis hypothesis : ranked) {
      out().printf("[%s] %s%n", hypothesis.source().id(), hypothesis.claim());
      out()
          .printf(
              "    %s; evidence %s%n",
              hypothesis.rationale(), String.join(", ", hypothesis.evidence()));
      out()
          .printf(
              Locale.ROOT,
              "    expected gain %+.4f (sd %.4f), fails with probability %.2f%n",
              hypothesis.forecast().gain(),
              hypothesis.forecast().gainSd(),
              hypothesis.forecast().pFailure());
    }
    return ExitCode.OK;
  }
}
