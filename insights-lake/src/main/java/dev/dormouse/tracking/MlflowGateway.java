package dev.dormouse.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operations of an MLflow tracking server that Dormouse uses, from any number of threads. Every
 * method throws a {@link MlflowException} if the server cannot be reached, refuses the request, or
 * is no MLflow server.
 *
 * <p>Methods that create something are not retried: on {@link MlflowException.Unreachable} the
 * caller must check whether it was created. All others may be called any number of times.
 */
public final class MlflowGateway implements MlflowSource {
  /** Limit of a reply to a program that others wait for. */
  public static final Duration REPLY_LIMIT = Duration.ofSeconds(20);

  /** Limit of a reply that may hold many runs. */
  public static final Duration LARGE_REPLY_LIMIT = Duration.ofSeconds(60);

  private static final String API = "/api/2.0/mlflow/";
  private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts";
  private static final String PROXIED_ARTIFACTS = "mlflow-artifacts";
  private static final int EXPERIMENTS_PER_PAGE = 1_000;
  private static final int POINTS_PER_PAGE = 10_000;

  private final MlflowTransport transport;

  /**
   * A gateway.
   *
   * @param server e.g. {@code http://127.0.0.1:5000}
   * @param replyLimit the longest that one request may take
   */
  public MlflowGateway(URI server, Duration replyLimit) {
    this.transport = new MlflowTransport(server, replyLimit);
  }

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record ExperimentSearch(int maxResults, Optional<String> pageToken) {}

  @JsonNaming(SnakeCaseStrategy.class)
  private record ExperimentPage(List<Experiment> experiments, Optional<String> nextPageToken) {}

  @Override
  public List<Experiment> experiments() {
    List<Experiment> experiments = new ArrayList<>();
    Optional<String> token = Optional.empty();
    do {
      ExperimentPage page =
          post(
              "experiments/search",
              new ExperimentSearch(EXPERIMENTS_PER_PAGE, token),
              ExperimentPage.class);
      experiments.addAll(orNone(page.experiments()));
      token = next(page.nextPageToken());
    } while (token.isPresent());
    return experiments;
  }

  private record OneExperiment(Experiment experiment) {}

  /** Returns the id of the experiment with this name; empty if there is none. */
  public Optional<String> experimentId(String name) {
    return find("experiments/get-by-name?experiment_name=" + encoded(name), OneExperiment.class)
        .map(reply -> reply.experiment().id());
  }

  private record NewExperiment(String name) {}

  @JsonNaming(SnakeCaseStrategy.class)
  private record CreatedExperiment(String experimentId) {}

  /** Creates an experiment, and returns its id. Not retried. */
  public String createExperiment(String name) {
    return postOnce("experiments/create", new NewExperiment(name), CreatedExperiment.class)
        .experimentId();
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record ExperimentTag(String experimentId, String key, String value) {}

  /** Sets a tag of an experiment. */
  public void tagExperiment(String experimentId, MlflowEntry tag) {
    post("experiments/set-experiment-tag", new ExperimentTag(experimentId, tag.key(), tag.value()));
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record RunPage(List<MlflowRun> runs, Optional<String> nextPageToken) {}

  @Override
  public Page runs(RunSearch search) {
    RunPage page = post("runs/search", search, RunPage.class);
    return new Page(orNone(page.runs()), next(page.nextPageToken()));
  }

  private record OneRun(MlflowRun run) {}

  /** Returns a run by its id; empty if there is none. */
  public Optional<MlflowRun> run(String runId) {
    return find("runs/get?run_id=" + encoded(runId), OneRun.class).map(OneRun::run);
  }

  /** Creates a run. Not retried. */
  public MlflowRun createRun(NewRun run) {
    return postOnce("runs/create", run, OneRun.class).run();
  }

  /** Adds params, tags and metrics to a run. */
  public void log(RunBatch batch) {
    post("runs/log-batch", batch);
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record RunInputs(String runId, List<RunInput> datasets) {}

  /** Adds a data set to a run. */
  public void logInput(String runId, RunInput input) {
    post("runs/log-inputs", new RunInputs(runId, List.of(input)));
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record RunUpdate(String runId, String status, long endTime) {}

  /** Ends a run. */
  public void endRun(String runId, String status, Instant end) {
    post("runs/update", new RunUpdate(runId, status, end.toEpochMilli()));
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record PointPage(List<MlflowMetric> metrics, Optional<String> nextPageToken) {}

  @Override
  public List<MlflowMetric> history(String runId, String metric, int max) {
    List<MlflowMetric> points = new ArrayList<>();
    Optional<String> token = Optional.empty();
    do {
      PointPage page =
          transport.send(
              transport.request(
                  API
                      + "metrics/get-history?run_id="
                      + encoded(runId)
                      + "&metric_key="
                      + encoded(metric)
                      + "&max_results="
                      + Math.min(POINTS_PER_PAGE, max)
                      + token.map(text -> "&page_token=" + encoded(text)).orElse("")),
              PointPage.class);
      points.addAll(orNone(page.metrics()));
      token = next(page.nextPageToken());
    } while (token.isPresent() && points.size() < max);
    return points.subList(0, Math.min(points.size(), max));
  }

  /** Returns whether the server itself keeps the artifacts of a run. */
  public static boolean keepsArtifacts(MlflowRun run) {
    return PROXIED_ARTIFACTS.equals(URI.create(run.info().artifactUri()).getScheme());
  }

  /**
   * Puts a text file among the artifacts of a run.
   *
   * @param run whose artifacts the server itself keeps
   * @param path below the run's artifacts, e.g. {@code plan/plan.md}
   */
  public void upload(MlflowRun run, String path, String text) {
    String folder = URI.create(run.info().artifactUri()).getRawPath();
    transport.send(
        transport
            .request(ARTIFACTS + folder + "/" + path)
            .setHeader("Content-Type", "text/plain")
            .PUT(BodyPublishers.ofString(text)));
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record ModelSearch(List<String> experimentIds, String filter, int maxResults) {}

  private record ModelPage(List<Model> models) {}

  private record Model(ModelInfo info) {}

  @JsonNaming(SnakeCaseStrategy.class)
  private record ModelInfo(String modelId) {}

  private record OneModel(Model model) {}

  /** Returns the id of a logged model that matches the filter; empty if there is none. */
  public Optional<String> modelId(String experimentId, String filter) {
    ModelSearch search = new ModelSearch(List.of(experimentId), filter, 1);
    return orNone(post("logged-models/search", search, ModelPage.class).models()).stream()
        .findFirst()
        .map(model -> model.info().modelId());
  }

  /** Creates a logged model, and returns its id. Not retried. */
  public String createModel(NewModel model) {
    return postOnce("logged-models", model, OneModel.class).model().info().modelId();
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record ModelUpdate(String modelId, String status) {}

  /** Marks a logged model as complete. */
  public void finishModel(String modelId) {
    transport.send(
        transport
            .request(API + "logged-models/" + modelId)
            .method("PATCH", MlflowTransport.body(new ModelUpdate(modelId, "LOGGED_MODEL_READY"))));
  }

  @JsonNaming(SnakeCaseStrategy.class)
  private record RunOutputs(String runId, List<ModelOutput> models) {}

  private record Nothing() {}

  /** Adds a logged model to the outputs of a run. Not retried. */
  public void addOutput(String runId, String modelId) {
    postOnce(
        "runs/outputs", new RunOutputs(runId, List.of(new ModelOutput(modelId, 0))), Nothing.class);
  }

  /**
   * Sends OpenTelemetry traces. A trace that is sent again replaces nothing and is not doubled.
   *
   * @param run that the traces are linked to
   * @param traces written as OTLP's JSON
   */
  public void sendTraces(MlflowRun run, Object traces) {
    transport.send(
        transport
            .request("/v1/traces")
            .header("x-mlflow-experiment-id", run.info().experimentId())
            .header("x-mlflow-run-id", run.id())
            .POST(MlflowTransport.body(traces)));
  }

  private <T> Optional<T> find(String path, Class<T> reply) {
    try {
      return Optional.of(transport.send(transport.request(API + path), reply));
    } catch (MlflowException.Refused e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void post(String path, Object content) {
    transport.send(transport.request(API + path).POST(MlflowTransport.body(content)));
  }

  private <T> T post(String path, Object content, Class<T> reply) {
    return transport.send(transport.request(API + path).POST(MlflowTransport.body(content)), reply);
  }

  private <T> T postOnce(String path, Object content, Class<T> reply) {
    return transport.sendOnce(
        transport.request(API + path).POST(MlflowTransport.body(content)), reply);
  }

  private static Optional<String> next(Optional<String> token) {
    return token == null ? Optional.empty() : token.filter(text -> !text.isEmpty());
  }

  private static <T> List<T> orNone(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
