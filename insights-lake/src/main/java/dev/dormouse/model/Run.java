package dev.dormouse.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One physical training execution, of a campaign or imported. A retry is a new run of the same
 * trial.
 *
 * @param runId unique in the lake
 * @param study the study whose runs it may be compared with
 * @param family data family, coarser than the study's data set, e.g. {@code avazu}
 * @param arm what was trained
 * @param seed random seed, if known
 * @param status how it ended
 * @param metrics final metrics by name; the study's metric is the one of the study's split
 * @param costGpuHours cost in GPU-hours, if known
 * @param costSource how the cost is known
 * @param sweep what launched it together with others: a tuner file, a sweep, a campaign; runs of
 *     two sweeps may differ by more than their arms
 * @param trainSamples number of training examples, if known
 * @param startedAt start, if known
 * @param finishedAt end, if known
 * @param source where it comes from, e.g. {@code bars} or {@code dormouse}
 * @param provenance where exactly: file, row, URL or launch id
 * @param campaignId the campaign, if it belongs to one
 * @param trialId the trial, if it belongs to one
 * @param attempt attempt of the trial, from 1; 0 if it belongs to none
 */
@RecordBuilder
public record Run(
    String runId,
    StudyKey study,
    String family,
    Arm arm,
    OptionalLong seed,
    RunStatus status,
    SortedMap<String, Double> metrics,
    OptionalDouble costGpuHours,
    CostOrigin costSource,
    Optional<String> sweep,
    OptionalLong trainSamples,
    Optional<Instant> startedAt,
    Optional<Instant> finishedAt,
    String source,
    String provenance,
    Optional<String> campaignId,
    Optional<String> trialId,
    int attempt) {

  public Run {
    Objects.requireNonNull(study, "study");
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }
}
