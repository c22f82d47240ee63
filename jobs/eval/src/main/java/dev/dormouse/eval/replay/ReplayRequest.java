package dev.dormouse.eval.replay;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to replay.
 *
 * @param tasks Parquet file of known results: task_id, config_id, model_variant, hparams, val_auc
 * @param history directories with an {@code experiments.parquet} of past runs
 * @param pools JSON file {task_id: [[config_id ...], ...]}, one list an episode; if empty, seeded
 *     halves of each task's configs
 * @param budget evaluations an episode, each of the cost of a whole run
 * @param out file of JSON lines to write
 * @param episodes the most episodes a task
 * @param task the only task to replay; if empty, all
 * @param useHistory whether past runs may be used at all
 * @param shuffleHistory whether past results are dealt out at random within their study first
 * @param curves whether runs show their learning curves, so that they can be stopped early; what an
 *     evaluation costs is then the share of the curve that was used
 * @param alias whether model and data set names are replaced by meaningless ones first
 */
public record ReplayRequest(
    Path tasks,
    List<Path> history,
    Optional<Path> pools,
    int budget,
    Path out,
    int episodes,
    Optional<String> task,
    boolean useHistory,
    boolean shuffleHistory,
    boolean curves,
    boolean alias) {
  public ReplayRequest {
    history = List.copyOf(history);
    if (budget < 1 || episodes < 1) {
      throw new IllegalArgumentException(
          "Budget is " + budget + " and episodes " + episodes + "; both must be at least 1");
    }
  }
}
