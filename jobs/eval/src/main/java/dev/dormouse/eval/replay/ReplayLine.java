package dev.dormouse.eval.replay;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Optional;

/**
 * One evaluation as a line of JSON. Lines of other optimizers may lack all but the task, episode,
 * step and configuration.
 *
 * @param configId the configuration's id in the replay table
 * @param cost in whole runs; 1 if missing
 * @param episode number of the episode, from 0
 * @param phase the phase that launched the trial
 * @param predictedGain forecast gain over the baseline, if there was one
 * @param source the source that proposed it; {@code baseline} for the baseline
 * @param step number of the evaluation within the episode, from 1
 * @param taskId the task
 * @param value the result; the worst of the pool if the run failed
 */
@JsonNaming(SnakeCaseStrategy.class)
record ReplayLine(
    String configId,
    Optional<Double> cost,
    int episode,
    String phase,
    Optional<Double> predictedGain,
    String source,
    int step,
    String taskId,
    double value) {}
