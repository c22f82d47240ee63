package dev.dormouse.eval.replay;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tasks to replay, and what the planner may see.
 *
 * @param tasks Parquet file of known results: task_id, config_id, model_variant, hparams, val_auc
 * @param history directories with an {@code experiments.parquet} of past runs
 * @param pools JSON file {task_id: [[config_id ...], ...]}, one list an episode; if empty, seeded
 *     halves of each task's configs
 * @param budget evaluations per episode, each of the cost of a whole run
 * @param out file of JSON lines to write
 * @param episodes the most episodes of each task
 * @param task the only task to replay; if empty, all
 * @param historyUse how past runs are used
 * @param curves whether runs report learning curves; if so, an evaluation costs the share of the
 *     curve that was used
 * @param alias whether model and data set names are replaced by meaningless ones first
 * @param without what the campaigns do without
 */
@RecordBuilder
public record ReplayRequest(
    Path tasks,
    List<Path> history,
    Optional<Path> pools,
    int budget,
    Path out,
    int episodes,
    Optional<String> task,
    HistoryUse historyUse,
    LearningCurves curves,
    boolean alias,
    Set<Part> without) {
  /** A part of planning and search whose worth can be measured by leaving it out. */
  public enum Part {
    /** Past runs as a source of hypotheses and forecasts; the campaign's file turns it off. */
    HISTORY,
    /** Technique cards; the campaign's file turns them off. */
    RESEARCH,
    /** Insights: the lake's runs are not mined. */
    MINING,
    /** The phase that tries the plan's hypotheses: it has no trials. */
    HYPOTHESES,
    /** The phase that combines changes: it has no trials. */
    COMBINATION,
    /** The phase that trains the baseline: it has no trials. */
    BASELINE
  }

  /** How the planner uses past runs. */
  public enum HistoryUse {
    /** Past results as they were. */
    AS_RECORDED,
    /** Past results permuted at random within their study. */
    SHUFFLED,
    /** No past results. */
    NONE
  }

  public ReplayRequest {
    history = List.copyOf(history);
    without = without == null ? Set.of() : Set.copyOf(without);
    if (budget < 1 || episodes < 1) {
      throw new IllegalArgumentException(
          "Budget is " + budget + " and episodes " + episodes + "; both must be at least 1");
    }
  }
}
