package dev.dormouse.io;

import dev.dormouse.model.Phase;
import dev.dormouse.model.Source;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/** SQL views over the lake's tables, by name; a view may use earlier ones. */
final class Views {
  /**
   * Above this number of degrees of freedom, the last quantile (2.04) is used, slightly too wide.
   */
  private static final int MOST_DEGREES_OF_FREEDOM = 30;

  /** Half width of the central 80% interval of a normal distribution, in standard deviations. */
  private static final String Z80 = "1.2815515655446D";

  /** The newest attempt of each trial, and all runs without a campaign. */
  private static final String RUNS_LATEST =
      """
      SELECT * EXCEPT (newest) FROM (
        SELECT *, row_number() OVER (
          PARTITION BY campaign_id, coalesce(trial_id, run_id) ORDER BY attempt DESC, run_id) AS newest
        FROM runs)
      WHERE newest = 1
      """;

  /** Each arm of a study with at least two results, with Student's 95% interval of the mean. */
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

  /** Effects of the newest mining whose interval is above 0. */
  private static final String WHAT_WORKED =
      """
      SELECT statement, effect, ci_low, ci_high, q_value, n_pairs, n_studies FROM insights
      WHERE mined_at = (SELECT max(mined_at) FROM insights) AND kind = 'effect' AND ci_low > 0
      ORDER BY rank
      """;

  /** Failures and their cost. */
  private static final String WHAT_FAILED =
      """
      SELECT status, study, model_variant, count(*) AS runs, sum(cost_gpu_hours) AS cost_gpu_hours
      FROM runs WHERE status <> 'ok' GROUP BY status, study, model_variant ORDER BY runs DESC
      """;

  /** Number of runs with each setting of each parameter. */
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

  /**
   * Arms that were trained again at least a day later, with the difference, which includes seed
   * noise.
   */
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

  /** Campaigns' runs with their phase and the sign that makes higher values better. */
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

  /**
   * Each hypothesis that validation tried, with forecast and result. Gains are oriented: higher is
   * better. The claim is the language model's own statement, else the forecast; low and high
   * enclose 80%.
   */
  private static final String FORECAST_OUTCOMES =
      """
      SELECT hypotheses.campaign_id, hypothesis_id, hypotheses.config_id, source, claim, rationale,
        changes, predicted_gain, predicted_gain_sd, p_success, p_failure,
        coalesce(terms['claimed_gain_p10'], predicted_gain - %1$s * predicted_gain_sd) AS claimed_low,
        coalesce(terms['claimed_gain_p50'], predicted_gain) AS claimed_gain,
        coalesce(terms['claimed_gain_p90'], predicted_gain + %1$s * predicted_gain_sd) AS claimed_high,
        coalesce(terms['claimed_p_success'], p_success) AS claimed_p_success,
        coalesce(terms['claimed_p_crash'], p_failure) AS claimed_p_failure,
        tried.status, tried.gain, tried.noise, tried.baseline_runs, tried.finished_at
      FROM hypotheses JOIN (
        SELECT arms.campaign_id, arms.config_id, arms.status, noise, baseline_runs, arms.finished_at,
          CASE WHEN arms.status = 'ok' THEN (arms.value - baseline) * orientation END AS gain
        FROM campaign_runs AS arms JOIN (
          SELECT campaign_id, avg(value) AS baseline, stddev_samp(value) AS noise,
            count(value) AS baseline_runs
          FROM campaign_runs WHERE phase = 'baseline' AND status = 'ok' GROUP BY campaign_id) AS baselines
        ON arms.campaign_id = baselines.campaign_id
        WHERE arms.phase = 'validation') AS tried
      ON hypotheses.campaign_id = tried.campaign_id AND hypotheses.config_id = tried.config_id
      """
          .formatted(Z80);

  /**
   * Forecasts of each source of hypotheses and results of validation. The Brier score of P(gain
   * above 0) is 0 at best and 0.25 for a coin; coverage is right at 0.8.
   */
  private static final String SOURCE_TRACK_RECORD =
      """
      SELECT source, count(DISTINCT campaign_id) AS campaigns, count(*) AS tried,
        count_if(status <> 'ok') AS failed, avg(predicted_gain) AS predicted_gain,
        avg(gain) AS gain, avg(CAST(gain > 0 AS INT)) AS share_better,
        avg(power(p_success - CAST(coalesce(gain > 0, false) AS INT), 2)) AS brier,
        avg(power(claimed_p_success - CAST(coalesce(gain > 0, false) AS INT), 2)) AS claimed_brier,
        avg(CAST(abs(gain - predicted_gain) <= %1$s * predicted_gain_sd AS INT)) AS coverage80,
        avg(CAST(gain BETWEEN claimed_low AND claimed_high AS INT)) AS claimed_coverage80
      FROM forecast_outcomes
      GROUP BY source
      """
          .formatted(Z80);

  /** Runs, results and cost of each phase of each campaign. */
  private static final String CAMPAIGN_PROGRESS =
      """
      SELECT campaign_id, phase, count(*) AS trials, count_if(status = 'ok') AS ok,
        max(CASE WHEN status = 'ok' THEN value * orientation END) * any_value(orientation) AS best,
        sum(cost_gpu_hours) AS cost_gpu_hours, max(finished_at) AS last_finished_at
      FROM campaign_runs GROUP BY campaign_id, phase
      """;

  /**
   * Failed runs of campaigns with the first run that repaired each, if one did: a retry of the
   * trial or the amended arm. Alone means that no human action came in between.
   */
  private static final String CAMPAIGN_FAILURES =
      """
      SELECT campaign_id, run_id, any_value(status) AS status, any_value(failed_at) AS failed_at,
        min(repaired_at) AS repaired_at, bool_or(repaired_at IS NOT NULL AND touches = 0) AS resolved_alone
      FROM (
        SELECT failed.campaign_id, failed.run_id, repair.run_id AS repair_id,
          any_value(failed.status) AS status, any_value(failed.finished_at) AS failed_at,
          any_value(repair.finished_at) AS repaired_at, count(touched_at) AS touches
        FROM runs AS failed
        LEFT JOIN (
          SELECT runs.campaign_id, trial_id, attempt, run_id, finished_at, amends
          FROM runs LEFT JOIN (
            SELECT campaign_id, get_json_object(payload, '$.trial.trialId') AS trial,
              any_value(get_json_object(payload, '$.trial.amends')) AS amends
            FROM control_events WHERE kind = 'intent' GROUP BY 1, 2) AS intents
          ON runs.campaign_id = intents.campaign_id AND trial_id = trial
          WHERE status = 'ok') AS repair
        ON failed.campaign_id = repair.campaign_id AND
          CASE WHEN failed.trial_id = repair.trial_id THEN failed.attempt < repair.attempt
          ELSE failed.trial_id = amends END
        LEFT JOIN touches
        ON failed.campaign_id = touches.campaign_id
          AND touched_at > failed.finished_at AND touched_at < repair.finished_at
        WHERE failed.campaign_id IS NOT NULL AND failed.status NOT IN ('ok', 'abandoned')
        GROUP BY failed.campaign_id, failed.run_id, repair.run_id)
      GROUP BY campaign_id, run_id
      """;

  /**
   * Human actions, cost and gain of each campaign, and of all together (no campaign_id). Attended
   * minutes are an estimate: actions of one person less than 15 minutes apart are one sitting,
   * which lasts from the first to the last action plus 5 minutes.
   */
  private static final String PRODUCTIVITY =
      """
      SELECT campaign_id, count(*) AS campaigns, sum(touches) AS touches,
        sum(attended_minutes) AS attended_minutes, sum(failures) AS failures,
        sum(resolved_alone) AS resolved_alone, sum(resolved_alone) / nullif(sum(failures), 0) AS share_resolved_alone,
        sum(gpu_hours) AS gpu_hours, sum(confirmed_gains) AS confirmed_gains,
        sum(touches) / nullif(sum(confirmed_gains), 0) AS touches_per_confirmed_gain,
        sum(attended_minutes) / nullif(sum(confirmed_gains), 0) AS attended_minutes_per_confirmed_gain,
        sum(gpu_hours) / nullif(sum(confirmed_gains), 0) AS gpu_hours_per_confirmed_gain
      FROM (
        SELECT campaigns.campaign_id, confirmed_gains, coalesce(touches, 0) AS touches,
          coalesce(attended_minutes, 0) AS attended_minutes, coalesce(failures, 0) AS failures,
          coalesce(resolved_alone, 0) AS resolved_alone, coalesce(gpu_hours, 0) AS gpu_hours
        FROM (
          SELECT campaign_id, count_if(kind = 'finished'
            AND get_json_object(payload, '$.verdict.kind') = 'CONFIRMED') AS confirmed_gains
          FROM control_events WHERE kind IN ('created', 'finished') GROUP BY campaign_id) AS campaigns
        LEFT JOIN (
          SELECT campaign_id, count(*) AS touches,
            sum(CASE WHEN seconds < 900 THEN seconds ELSE 300 END) / 60 AS attended_minutes
          FROM (
            SELECT campaign_id, (unix_millis(touched_at) - lag(unix_millis(touched_at)) OVER (
              PARTITION BY campaign_id, touched_by ORDER BY touched_at, seq)) / 1000 AS seconds
            FROM touches)
          GROUP BY campaign_id) AS people
        ON campaigns.campaign_id = people.campaign_id
        LEFT JOIN (
          SELECT campaign_id, count(*) AS failures, count_if(resolved_alone) AS resolved_alone
          FROM campaign_failures GROUP BY campaign_id) AS failed
        ON campaigns.campaign_id = failed.campaign_id
        LEFT JOIN (
          SELECT campaign_id, sum(cost_gpu_hours) AS gpu_hours FROM runs GROUP BY campaign_id) AS spent
        ON campaigns.campaign_id = spent.campaign_id)
      GROUP BY ROLLUP (campaign_id)
      """;

  /**
   * How well Dormouse did in each campaign, to be compared over time: trials of the search phases
   * by source, exact repeats (the study had a result of the arm before, of another campaign or
   * imported), and forecasts of validated hypotheses with their outcomes.
   */
  private static final String AGENT_DRIFT =
      """
      SELECT searched.campaign_id, began_at, ended_at, trials, failures, repeats, repeats / trials AS share_repeats,
        coalesce(tried, 0) AS tried, coalesce(measured, 0) AS measured, coalesce(better, 0) AS better,
        coalesce(within80, 0) AS within80, better / nullif(tried, 0) AS share_better,
        within80 / nullif(measured, 0) AS coverage80, brier, mean_miss, coalesce(confirmed, 0) AS confirmed,
        %2$s
      FROM (
        SELECT campaign_id, min(started_at) AS began_at, max(finished_at) AS ended_at, count(*) AS trials,
          count_if(status <> 'ok') AS failures, count_if(coalesce(known, false)) AS repeats
        FROM (
          SELECT tries.campaign_id, tries.run_id, any_value(tries.status) AS status,
            any_value(tries.started_at) AS started_at, any_value(tries.finished_at) AS finished_at,
            bool_or(first_at < coalesce(tries.started_at, tries.finished_at)) AS known
          FROM campaign_runs AS tries
          LEFT JOIN (
            SELECT study, config_id, coalesce(campaign_id, '') AS origin, min(finished_at) AS first_at
            FROM runs_latest WHERE status = 'ok' AND value IS NOT NULL GROUP BY 1, 2, 3) AS earlier
          ON tries.study = earlier.study AND tries.config_id = earlier.config_id
            AND tries.campaign_id <> earlier.origin
          WHERE phase IN ('validation', 'combination', 'exploitation')
          GROUP BY tries.campaign_id, tries.run_id)
        GROUP BY campaign_id) AS searched
      LEFT JOIN (
        SELECT campaign_id, count(*) AS tried, count(gain) AS measured, count_if(gain > 0) AS better,
          count_if(abs(gain - predicted_gain) <= %1$s * predicted_gain_sd) AS within80,
          avg(power(p_success - CAST(coalesce(gain > 0, false) AS INT), 2)) AS brier,
          avg(gain - predicted_gain) AS mean_miss
        FROM forecast_outcomes GROUP BY campaign_id) AS forecasts
      ON searched.campaign_id = forecasts.campaign_id
      LEFT JOIN (
        SELECT campaign_id, %3$s
        FROM (
          SELECT campaign_id, get_json_object(payload, '$.trial.trialId') AS trial,
            any_value(get_json_object(payload, '$.trial.source')) AS source
          FROM control_events
          WHERE kind = 'intent' AND get_json_object(payload, '$.trial.phase') IN (%4$s)
          GROUP BY 1, 2)
        GROUP BY campaign_id) AS sources
      ON searched.campaign_id = sources.campaign_id
      LEFT JOIN (
        SELECT campaign_id, count_if(kind = 'finished'
          AND get_json_object(payload, '$.verdict.kind') = 'CONFIRMED') AS confirmed
        FROM control_events GROUP BY campaign_id) AS ends
      ON searched.campaign_id = ends.campaign_id
      ORDER BY began_at, searched.campaign_id
      """
          .formatted(
              Z80,
              eachSource("coalesce(from_%1$s, 0) AS from_%1$s"),
              eachSource("count_if(source = '%2$s') AS from_%1$s"),
              "'VALIDATION', 'COMBINATION', 'EXPLOITATION'");

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
    views.put("forecast_outcomes", FORECAST_OUTCOMES);
    views.put("source_track_record", SOURCE_TRACK_RECORD);
    views.put("campaign_progress", CAMPAIGN_PROGRESS);
    views.put("campaign_failures", CAMPAIGN_FAILURES);
    views.put("productivity", PRODUCTIVITY);
    views.put("agent_drift", AGENT_DRIFT);
    return views;
  }

  private static String studentQuantiles() {
    return IntStream.rangeClosed(1, MOST_DEGREES_OF_FREEDOM)
        .mapToObj(freedom -> TDistribution.of(freedom).inverseCumulativeProbability(0.975) + "D")
        .collect(Collectors.joining(", "));
  }

  /** Formats a column for each source: by its id and by its name in events. */
  private static String eachSource(String column) {
    return Arrays.stream(Source.values())
        .map(source -> column.formatted(source.id(), source.name()))
        .collect(Collectors.joining(", "));
  }

  private static String phaseOfTrial() {
    return Arrays.stream(Phase.values())
        .map(phase -> "WHEN '" + phase.prefix() + "' THEN '" + phase.id() + "'")
        .collect(Collectors.joining(" ", "CASE substring_index(trial_id, '-', 1) ", " END"));
  }
}
