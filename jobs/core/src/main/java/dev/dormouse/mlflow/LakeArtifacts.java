package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.io.KernelLake;
import dev.dormouse.mine.InsightReader;
import dev.dormouse.model.Insight;
import dev.dormouse.report.HtmlReport;
import dev.dormouse.report.ReportData;
import dev.dormouse.table.InsightsTable;
import dev.dormouse.table.Json;
import dev.dormouse.training.TrainingLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Provides files from the lake and from the run directories of trainings. */
public final class LakeArtifacts implements ArtifactSource {
  private final KernelLake lake;
  private final Path workDir;

  /**
   * A source.
   *
   * @param workDir directory that contains the run directories
   */
  public LakeArtifacts(KernelLake lake, Path workDir) {
    this.lake = lake;
    this.workDir = workDir;
  }

  @Override
  public Optional<String> text(CampaignState state, Artifact artifact) {
    return switch (artifact.from()) {
      case TEXT -> Optional.of(artifact.detail());
      case TRAINING_LOG ->
          TrainingLog.end(workDir.resolve(state.campaignId()).resolve(artifact.detail()));
      case REPORT -> Optional.of(HtmlReport.html(ReportData.read(lake, state.campaignId())));
      case INSIGHTS -> insights(state);
    };
  }

  /** Returns the insights that the plan's hypotheses cite; empty if there are none. */
  private Optional<String> insights(CampaignState state) {
    Set<String> cited =
        state.plan().stream()
            .flatMap(plan -> plan.hypotheses().stream())
            .flatMap(hypothesis -> hypothesis.evidence().stream())
            .collect(Collectors.toSet());
    if (cited.isEmpty() || !lake.exists(InsightsTable.TABLE)) {
      return Optional.empty();
    }
    List<Insight> insights =
        InsightReader.newest(lake).stream()
            .filter(insight -> cited.contains(insight.insightId()))
            .toList();
    return Optional.of(Json.write(insights));
  }
}
