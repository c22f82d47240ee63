package dev.dormouse.cli;

import dev.dormouse.cli.text.CheckText;
import dev.dormouse.config.CheckResult;
import dev.dormouse.config.Preflight;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.training.TrialRun;
import dev.dormouse.wiring.Services;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dormouse preflight}. */
@Command(
    name = "preflight",
    mixinStandardHelpOptions = true,
    description =
        "Checks the conditions that a campaign sets for its start, and tries a training of its"
            + " baseline.")
final class PreflightCommand implements Callable<Integer> {
  @Mixin private CampaignArgument campaign;
  @Mixin private LakeOptions lake;
  @Mixin private JsonOutput output;

  @Override
  public Integer call() throws InterruptedException {
    CampaignSpec spec = campaign.spec(lake.open());
    List<CheckResult> results = new ArrayList<>(Preflight.check(spec));
    Optional<TrialRun.Result> trial = Optional.empty();
    if (spec.guardrails().preflight().contains("baseline_runs")) {
      trial =
          Optional.of(
              TrialRun.ofBaseline(spec, Services.backends(lake.deployment()), Clock.systemUTC()));
      results.add(Preflight.baselineRuns(trial.get().runTime(), trial.get().failure()));
    }
    if (output.isJson()) {
      output.printJson(results);
    } else {
      CheckText.print(results, output.out());
      trial
          .flatMap(TrialRun.Result::runTime)
          .ifPresent(
              time ->
                  output.out().printf("Plan with --run-seconds %.1f%n", time.toMillis() / 1000.0));
    }
    return results.stream().allMatch(CheckResult::ok) ? ExitCode.OK : ExitCode.GUARDRAIL;
  }
}
