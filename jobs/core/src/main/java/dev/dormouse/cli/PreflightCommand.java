package dev.dormouse.cli;

import dev.dormouse.config.CheckResult;
import dev.dormouse.config.Preflight;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.training.TrialRun;
import dev.dormouse.wiring.Services;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dormouse preflight}. */
@Command(
    name = "preflight",
    mixinStandardHelpOptions = true,
    description = "Checks what must hold before anything is trained.")
final class PreflightCommand extends LakeCommand {
  @Parameters(paramLabel = "ID", description = "The campaign.")
  private String campaignId;

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    CampaignSpec spec = CampaignLookup.spec(openLake(), campaignId);
    List<CheckResult> results = new ArrayList<>(Preflight.check(spec));
    Optional<TrialRun.Result> trial = Optional.empty();
    if (spec.guardrails().preflight().contains("baseline_runs")) {
      trial =
          Optional.of(
              TrialRun.ofBaseline(spec, Services.backends(deployment()), Clock.systemUTC()));
      results.add(Preflight.baselineRuns(trial.get().runTime(), trial.get().failure()));
    }
    if (json) {
      printJson(results);
    } else {
      results.forEach(
          result ->
              out()
                  .printf(
                      "%-14s %s %s%s%n",
                      result.name(),
                      result.ok() ? "ok  " : "FAIL",
                      result.detail(),
                      result.ok() ? "" : "; " + result.remedy()));
      trial
          .flatMap(TrialRun.Result::runTime)
          .ifPresent(
              time -> out().printf("Plan with --run-seconds %.1f%n", time.toMillis() / 1000.0));
    }
    return results.stream().allMatch(CheckResult::ok) ? ExitCode.OK : ExitCode.GUARDRAIL;
  }
}
