package dev.dormouse.io;

import dev.dormouse.model.Phase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/** Views for people over the lake's tables, by name; each may use the ones before it. */
final class Views {
  /** Beyond so many degrees of freedom the last quantile serves: 2.04, a little too wide. */
  private static final int MOST_DEGREES_OF_FREEDOM = 30;

  /** The newest attempt of each trial, and every run that is not ours. */
  private static final String RUNS_LATEST =
      """
      SELECT * EXCEPT (newest) FROM (
        SELECT *, row_number() OVER (
          PARTITION BY campaign_id, coalesce(trial_id, run_id) ORDER BY attempt DESC, run_id) AS newest
        FROM runs)
      WHERE newest = 1
      """;

  /** Each arm within its study, with Student's 95% interval of its mean; needs two results. */
  private static final String CONFIG_SUMMARY =
      """
      SELECT *, mean - margin AS low95, mean + margin AS high95 FROM (
        SELECT study, model_variant, config_id, any_value(params) AS params, count(*) AS runs,
          count_if(status <> 'ok') AS failures, count(DISTINCT seed) AS seeds, count(result) AS results,
          avg(result) AS mean, stddev_samp(result) AS sd,
          element_at(array(%s), CAST(greatest(1, least(count(result) - 1, %d)) AS INT))
            * stddev_samp(result) / sqrt(count(result)) AS margin,
          avg(cost_gpu_hours) AS cost_gpu_hours
        FROM (SELECT *, CASE WHEN status = 'ok' THEN value END AS result FROM runs_latest)
        GROUP BY study, model_variant, config_id)
      """
          .formatted(studentQuantiles(), MOST_DEGREES_OF_FREEDOM);

  /** Effects of the newest mining whose whole interval is above 0. */
  private static final String WHAT_WORKED =
      """
      SELECT statement, effect, ci_low, ci_high, q_value, n_pairs, n_studies FROM insights
      WHERE mined_at = (SELECT max(mined_at) FROM insights) AND kind = 'effect' AND ci_low > 0
      ORDER BY rank
      """;

  /** Failures and what they cost. */
  private static final String WHAT_FAILED =
      """
      SELECT status, study, model_variant, count(*) AS runs, sum(cost_gpu_hours) AS cost_gpu_hours
      FROM runs WHERE status <> 'ok' GROUP BY status, study, model_variant ORDER BY runs DESC
      """;

  /** How often each setting of each parameter was tried. */
  private static final String COVERAGE =
      """
      SELECT parameter, setting, count(*) AS runs, count_if(status = 'ok') AS ok,
        count(DISTINCT study) AS studies
      FROM (SELECT study, status, explode(params) AS (parameter, setting) FROM runs_latest)
      GROUP BY parameter, setting
      """;

  /**
   * Share of the variance of results that lies between the settings of one parameter (epsilon
   * squared: Kelley 1935, corrected for the number of settings). Other parameters are not held
   * fixed, so it is a hint where to look, not an effect.
   */
  private static final String PARAM_IMPORTANCE =
      """
      SELECT study, model_variant, parameter, count(*) AS settings, sum(runs) AS runs,
        greatest(0, (sum(between_ss) - (count(*) - 1) * sum(within_ss) / nullif(sum(runs) - count(*), 0))
          / nullif(sum(between_ss) + sum(within_ss), 0)) AS share_explained
      FROM (
        SELECT *, runs * power(mean - sum(runs * mean) OVER parameters / sum(runs) OVER parameters, 2)
          AS between_ss
        FROM (
          SELECT study, model_variant, parameter, setting, count(*) AS runs, avg(value) AS mean,
            var_pop(value) * count(*) AS within_ss
          FROM (
            SELECT study, model_variant, value, explode(params) AS (parameter, setting)
            FROM runs_latest WHERE status = 'ok' AND value IS NOT NULL)
          GROUP BY study, model_variant, parameter, setting)
        WINDOW parameters AS (PARTITION BY study, model_variant, parameter))
      GROUP BY study, model_variant, parameter
      HAVING count(*) > 1 AND sum(runs) > count(*) AND sum(between_ss) + sum(within_ss) > 0
      """;

  /** Arms that were trained again a day or more later, with the difference; seed noise included. */
  private static final String DRIFT =
      """
      SELECT study, model_variant, config_id, count(*) AS results, min(finished_at) AS first_at,
        max(finished_at) AS last_at, min_by(value, finished_at) AS first_value,
        max_by(value, finished_at) AS last_value,
        max_by(value, finished_at) - min_by(value, finished_at) AS difference
      FROM runs_latest WHERE status = 'ok' AND value IS NOT NULL AND finished_at IS NOT NULL
      GROUP BY study, model_variant, config_id
      HAVING max(finished_at) >= min(finished_at) + INTERVAL 1 DAY
      """;

  /** Our runs with their phase and the sign that makes a higher value better. */
  private static final String CAMPAIGN_RUNS =
      """
      SELECT runs.*, %s AS phase, IF(direction = 'MINIMIZE', -1, 1) AS orientation
      FROM runs_latest AS runs JOIN (
        SELECT campaign_id,
          max_by(get_json_object(spec, '$.objective.direction'), planned_at) AS direction
        FROM plans GROUP BY campaign_id) AS goals
      ON runs.campaign_id = goals.campaign_id
      """
          .formatted(phaseOfTrial());

  /** What each source of hypotheses promised and what validation found; gains: higher is better. */
  private static final String SOURCE_TRACK_RECORD =
      """
      SELECT hypotheses.source, count(DISTINCT hypotheses.campaign_id) AS campaigns, count(*) AS tried,
        count_if(tried.status <> 'ok') AS failed, avg(predicted_gain) AS predicted_gain,
        avg(gain) AS gain, avg(CAST(gain > 0 AS INT)) AS share_better
      FROM hypotheses JOIN (
        SELECT arms.campaign_id, arms.config_id, arms.status,
          CASE WHEN arms.status = 'ok' THEN (arms.value - baseline) * orientation END AS gain
        FROM campaign_runs AS arms JOIN (
          SELECT campaign_id, avg(value) AS baseline FROM campaign_runs
          WHERE phase = 'baseline' AND status = 'ok' GROUP BY campaign_id) AS baselines
        ON arms.campaign_id = baselines.campaign_id
        WHERE arms.phase = 'validation') AS tried
      ON hypotheses.campaign_id = tried.campaign_id AND hypotheses.config_id = tried.config_id
      GROUP BY hypotheses.source
      """;

  /** What each phase of each campaign has done and spent. */
  private static final String CAMPAIGN_PROGRESS =
      """
      SELECT campaign_id, phase, count(*) AS trials, count_if(status = 'ok') AS ok,
        max(CASE WHEN status = 'ok' THEN value * orientation END) * any_value(orientation) AS best,
        sum(cost_gpu_hours) AS cost_gpu_hours, max(finished_at) AS last_finished_at
      FROM campaign_runs GROUP BY campaign_id, phase
      """;

  static final Map<String, String> ALL = all();

  private Views() {}

  private static Map<String, String> all() {
    Map<String, String> views = new LinkedHashMap<>();
    views.put("runs_latest", RUNS_LATEST);
    views.put("config_summary", CONFIG_SUMMARY);
    views.put("what_worked", WHAT_WORKED);
    views.put("what_failed", WHAT_FAILED);
    views.put("coverage", COVERAGE);
    views.put("param_importance", PARAM_IMPORTANCE);
    views.put("drift", DRIFT);
    views.put("campaign_runs", CAMPAIGN_RUNS);
    views.put("source_track_record", SOURCE_TRACK_RECORD);
    views.put("campaign_progress", CAMPAIGN_PROGRESS);
    return views;
  }

  private static String studentQuantiles() {
    return IntStream.rangeClosed(1, MOST_DEGREES_OF_FREEDOM)
        .mapToObj(freedom -> TDistribution.of(freedom).inverseCumulativeProbability(0.975) + "D")
        .collect(Collectors.joining(", "));
  }

  private static String phaseOfTrial() {
    return Arrays.stream(Phase.values())
        .map(phase -> "WHEN '" + phase.prefix() + "' THEN '" + phase.id() + "'")
        .collect(Collectors.joining(" ", "CASE substring_index(trial_id, '-', 1) ", " END"));
  }
}
