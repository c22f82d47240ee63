package dev.dormouse.io;

import java.util.LinkedHashMap;
import java.util.Map;

/** Views for people over the lake's tables, by name; each may use the ones before it. */
final class Views {
  static final Map<String, String> ALL = all();

  private Views() {}

  private static Map<String, String> all() {
    Map<String, String> views = new LinkedHashMap<>();
    views.put(
        "runs_latest",
        """
        SELECT * FROM (
          SELECT *, row_number() OVER (PARTITION BY coalesce(campaign_id || trial_id, run_id) ORDER BY attempt DESC, run_id)
            AS newest FROM runs) WHERE newest = 1
        """);
    views.put(
        "config_summary",
        """
        SELECT study, model_variant, config_id, first(params) AS params, count(value) AS seeds, count(*) AS runs,
          avg(value) AS mean, stddev_samp(value) AS sd,
          avg(value) - 1.96 * stddev_samp(value) / sqrt(count(value)) AS normal_low,
          avg(value) + 1.96 * stddev_samp(value) / sqrt(count(value)) AS normal_high,
          avg(cost_gpu_hours) AS cost_gpu_hours
        FROM runs_latest GROUP BY study, model_variant, config_id
        """);
    views.put(
        "what_worked",
        """
        SELECT statement, effect, ci_low, ci_high, q_value, n_pairs, n_studies FROM insights
        WHERE mined_at = (SELECT max(mined_at) FROM insights) AND kind = 'effect' AND ci_low > 0 ORDER BY rank
        """);
    views.put(
        "what_failed",
        """
        SELECT status, model_variant, study, count(*) AS runs, sum(cost_gpu_hours) AS cost_gpu_hours FROM runs_latest
        WHERE status <> 'ok' GROUP BY status, model_variant, study ORDER BY runs DESC
        """);
    views.put(
        "coverage",
        """
        SELECT parameter, setting, count(*) AS runs, count(DISTINCT study) AS studies FROM (
          SELECT study, explode(params) AS (parameter, setting) FROM runs_latest)
        GROUP BY parameter, setting
        """);
    views.put(
        "source_track_record",
        """
        SELECT h.source, count(*) AS tried, avg(h.predicted_gain) AS predicted_gain,
          avg(r.value - b.baseline) AS gain, avg(CAST(r.value > b.baseline AS INT)) AS share_better
        FROM hypotheses h
        JOIN runs_latest r ON r.campaign_id = h.campaign_id AND r.config_id = h.config_id AND r.trial_id LIKE 'v-%'
        JOIN (SELECT campaign_id, avg(value) AS baseline FROM runs_latest WHERE trial_id LIKE 'b-%' GROUP BY campaign_id) b
          ON b.campaign_id = h.campaign_id
        WHERE r.value IS NOT NULL GROUP BY h.source
        """);
    views.put(
        "campaign_progress",
        """
        SELECT campaign_id, count(*) AS runs, count_if(status = 'ok') AS ok, count_if(status <> 'ok') AS failed,
          max(value) AS highest, sum(cost_gpu_hours) AS cost_gpu_hours, max(finished_at) AS last_finished_at
        FROM runs WHERE campaign_id IS NOT NULL GROUP BY campaign_id
        """);
    return views;
  }
}
