package dev.dormouse.mlflow;

import dev.dormouse.model.CampaignSpec;
import dev.dormouse.table.Json;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Builds the shared view of the experiment's page: the runs in the order of their trainings, with
 * the columns that matter. The note of the experiment links to it. MLflow does not share which runs
 * are expanded. Pure.
 */
final class ExperimentView {
  /** The name of the view in the address of the page. */
  static final String KEY = "story";

  private static final String TAG = "mlflow.sharedViewState." + KEY;

  private ExperimentView() {}

  /** Returns the view as a tag of the experiment. */
  static ExperimentItem of(CampaignSpec spec) {
    SortedMap<String, Object> view = new TreeMap<>();
    view.put("searchFilter", "");
    view.put("orderByKey", "attributes.start_time");
    view.put("orderByAsc", true);
    view.put("startTime", "ALL");
    view.put("lifecycleFilter", "Active");
    view.put("datasetsFilter", List.of());
    view.put("modelVersionFilter", "All Runs");
    view.put(
        "selectedColumns",
        List.of(
            "attributes.`Source`",
            "metrics.`" + MlflowBatches.name(spec.objective().metric()) + "`",
            "metrics.`gain`",
            "metrics.`predicted_gain`",
            "tags.`dormouse.failure`"));
    view.put("columnOrder", List.of());
    view.put("columnWidths", Map.of("attributes.`Run Name`", 420));
    view.put("runsExpanded", Map.of());
    view.put("runsPinned", List.of());
    view.put("runsHidden", List.of());
    view.put("runsVisibilityMap", Map.of());
    view.put("runsHiddenMode", "FIRST_20_RUNS");
    view.put("viewMaximized", false);
    view.put("runListHidden", false);
    view.put("isAccordionReordered", false);
    view.put("useGroupedValuesInCharts", true);
    view.put("hideEmptyCharts", true);
    view.put("groupsExpanded", Map.of());
    view.put("autoRefreshEnabled", true);
    return ExperimentItem.of(
        "view:" + spec.campaignId(), new TreeMap<>(Map.of(TAG, Json.write(view))));
  }
}
