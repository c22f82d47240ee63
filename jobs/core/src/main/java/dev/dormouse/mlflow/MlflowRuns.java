package dev.dormouse.mlflow;

import dev.dormouse.campaign.CampaignState;
import dev.dormouse.tracking.MlflowEntry;
import dev.dormouse.tracking.MlflowException;
import dev.dormouse.tracking.MlflowGateway;
import dev.dormouse.tracking.MlflowMetric;
import dev.dormouse.tracking.MlflowRun;
import dev.dormouse.tracking.MlflowSource;
import dev.dormouse.tracking.NewModel;
import dev.dormouse.tracking.NewRun;
import dev.dormouse.tracking.RunBatch;
import dev.dormouse.tracking.RunInput;
import dev.dormouse.tracking.RunSearch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs of one experiment on a tracking server: finds each by its key, creates it if it is
 * missing, and adds an item's content. Usable from any number of threads.
 */
final class MlflowRuns {
  private static final String PARENT_TAG = "mlflow.parentRunId";
  private static final int RUNS_PER_PAGE = 1_000;

  private final MlflowGateway gateway;
  private final ArtifactSource artifacts;
  private final String experimentId;
  private final Map<String, MlflowRun> runs = new ConcurrentHashMap<>();

  /** Whether all runs are in {@link #runs}, so that others do not exist. */
  private volatile boolean allKnown;

  private MlflowRuns(
      MlflowGateway gateway, ArtifactSource artifacts, String experimentId, boolean isNew) {
    this.gateway = gateway;
    this.artifacts = artifacts;
    this.experimentId = experimentId;
    this.allKnown = isNew;
  }

  /** Finds or creates the experiment. */
  static MlflowRuns open(MlflowGateway gateway, ArtifactSource artifacts, String experiment) {
    return gateway
        .experimentId(experiment)
        .map(id -> new MlflowRuns(gateway, artifacts, id, false))
        .orElseGet(
            () -> new MlflowRuns(gateway, artifacts, gateway.createExperiment(experiment), true));
  }

  /** Fetches all runs that started since, instead of searching for one at a time. */
  void fetchSince(Instant start) {
    if (allKnown) {
      return;
    }
    RunSearch search =
        RunSearch.of(
            experimentId, "attributes.start_time >= " + start.toEpochMilli(), RUNS_PER_PAGE);
    Optional<String> token = Optional.empty();
    do {
      MlflowSource.Page page = gateway.runs(search.page(token));
      for (MlflowRun run : page.runs()) {
        String key = run.tags().get(OutboxItem.KEY_TAG);
        if (key != null) {
          runs.putIfAbsent(key, run);
        }
      }
      token = page.nextToken();
    } while (token.isPresent());
    allKnown = true;
  }

  /**
   * Publishes an item; any number of times gives the same.
   *
   * @throws ParentMissingException if the item's parent is not published yet
   * @throws MlflowException if the server cannot be reached, or refuses the item
   */
  void publish(CampaignState state, OutboxItem item) {
    if (item instanceof ExperimentItem experiment) {
      experiment.tags().forEach(this::tagExperiment);
    } else if (item instanceof ModelItem model) {
      publish(model);
    } else if (item instanceof RunItem run) {
      publish(state, run);
    }
  }

  private void tagExperiment(String name, String value) {
    MlflowEntry tag = MlflowBatches.tag(name, value);
    gateway.tagExperiment(
        experimentId,
        new MlflowEntry(tag.key(), tag.value().replace(ExperimentItem.EXPERIMENT, experimentId)));
  }

  private void publish(CampaignState state, RunItem item) {
    Optional<MlflowRun> found = find(item.runKey());
    MlflowRun run = found.orElseGet(() -> create(item));
    // A new run got its tags when it was created.
    List<RunBatch> batches =
        found.isPresent()
            ? MlflowBatches.withTags(run.id(), item)
            : MlflowBatches.withoutTags(run.id(), item);
    batches.forEach(gateway::log);
    item.dataSet().ifPresent(dataSet -> gateway.logInput(run.id(), input(dataSet)));
    item.files().forEach(file -> upload(state, run, file));
    if (item.status() != RunItem.Status.RUNNING) {
      gateway.endRun(run.id(), item.status().name(), item.endedAt().orElse(item.startedAt()));
    }
  }

  private Optional<MlflowRun> find(String runKey) {
    MlflowRun known = runs.get(runKey);
    return known != null || allKnown ? Optional.ofNullable(known) : search(runKey);
  }

  private Optional<MlflowRun> search(String runKey) {
    String filter = "tags.\"" + OutboxItem.KEY_TAG + "\" = '" + runKey + "'";
    Optional<MlflowRun> found =
        gateway.runs(RunSearch.of(experimentId, filter, 1)).runs().stream().findFirst();
    found.ifPresent(run -> runs.put(runKey, run));
    return found;
  }

  private MlflowRun create(RunItem item) {
    List<MlflowEntry> tags = new ArrayList<>();
    tags.add(MlflowBatches.tag(OutboxItem.KEY_TAG, item.runKey()));
    item.parentKey().ifPresent(key -> tags.add(MlflowBatches.tag(PARENT_TAG, parent(key).id())));
    tags.addAll(MlflowBatches.tags(item.tags()));
    MlflowRun run =
        createOnce(
            item.runKey(),
            new NewRun(experimentId, item.name(), item.startedAt().toEpochMilli(), tags));
    runs.put(item.runKey(), run);
    return run;
  }

  /**
   * If the connection is lost it is unknown whether the run was created: search before trying
   * again.
   */
  private MlflowRun createOnce(String runKey, NewRun run) {
    try {
      return gateway.createRun(run);
    } catch (MlflowException.Unreachable e) {
      if (search(runKey).isEmpty()) {
        return gateway.createRun(run);
      }
      throw e;
    }
  }

  private MlflowRun parent(String key) {
    return find(key).orElseThrow(() -> new ParentMissingException(key));
  }

  /** An item's parent run is not published yet. */
  static final class ParentMissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ParentMissingException(String parentKey) {
      super("its parent " + parentKey + " is not published yet");
    }
  }

  private static RunInput input(DataSetInput dataSet) {
    return RunInput.training(
        new RunInput.Dataset(
            dataSet.name(), dataSet.digest(), "dormouse", dataSet.source(), Optional.empty()));
  }

  private void upload(CampaignState state, MlflowRun run, Artifact file) {
    if (!MlflowGateway.keepsArtifacts(run)) {
      return;
    }
    Optional<String> text =
        file.from() == Artifact.From.TEXT
            ? Optional.of(file.detail())
            : artifacts.text(state, file);
    text.ifPresent(content -> gateway.upload(run, file.path(), content));
  }

  private void publish(ModelItem item) {
    MlflowRun run = parent(item.runKey());
    String modelId = findModel(item.key()).orElseGet(() -> create(item, run));
    List<MlflowMetric> metrics =
        item.metrics().stream().map(point -> MlflowBatches.metric(point).ofModel(modelId)).toList();
    gateway.log(new RunBatch(run.id(), List.of(), List.of(), metrics));
    gateway.finishModel(modelId);
    boolean isOutput =
        gateway.run(run.id()).stream()
            .flatMap(current -> current.outputs().modelOutputs().stream())
            .anyMatch(output -> output.modelId().equals(modelId));
    if (!isOutput) {
      gateway.addOutput(run.id(), modelId);
    }
  }

  private Optional<String> findModel(String key) {
    return gateway.modelId(experimentId, "tags.`" + OutboxItem.KEY_TAG + "` = '" + key + "'");
  }

  private String create(ModelItem item, MlflowRun run) {
    List<MlflowEntry> tags = new ArrayList<>();
    tags.add(MlflowBatches.tag(OutboxItem.KEY_TAG, item.key()));
    tags.addAll(MlflowBatches.tags(item.tags()));
    return gateway.createModel(
        new NewModel(
            experimentId,
            item.name(),
            "dormouse arm",
            run.id(),
            tags,
            MlflowBatches.params(item.params())));
  }
}
