package dev.dormouse.summary;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Source;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the finished runs of a campaign as comma-separated values. Pure. */
public final class RunTable {
  private static final List<String> COLUMNS =
      List.of(
          "run_id", "phase", "source", "changes", "seed", "status", "metric", "value", "gpu_hours");

  private RunTable() {}

  public static String csv(CampaignState state) {
    CampaignSpec spec = state.spec().orElseThrow();
    return Stream.concat(
            Stream.of(COLUMNS),
            state.attempts().values().stream()
                .filter(attempt -> attempt.outcome().isPresent())
                .map(attempt -> row(spec, attempt)))
        .map(cells -> cells.stream().map(RunTable::quoted).collect(Collectors.joining(",")))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static List<String> row(CampaignSpec spec, Attempt attempt) {
    RunOutcome outcome = attempt.outcome().orElseThrow();
    Double value = outcome.metrics().get(spec.objective().metric());
    return List.of(
        attempt.key().runId(),
        attempt.trial().phase().id(),
        attempt.trial().source().map(Source::id).orElse("baseline"),
        CampaignResults.what(spec, attempt.trial().arm()),
        String.valueOf(attempt.trial().seed()),
        outcome.status().id(),
        spec.objective().metric(),
        value == null ? "" : value.toString(),
        String.valueOf(GpuHours.hours(outcome.costMicros())));
  }

  private static String quoted(String cell) {
    return cell.matches("[\\w.\\-]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
