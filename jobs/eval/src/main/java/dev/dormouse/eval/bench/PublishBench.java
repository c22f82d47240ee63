package dev.dormouse.eval.bench;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.mlflow.ArtifactSource;
import dev.dormouse.mlflow.Links;
import dev.dormouse.mlflow.MlflowOutbox;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;

/**
 * How long a campaign of many trainings takes to reach a tracking server, beside the shortest
 * program that brings the same params and metrics there with MLflow's own client: make a run, log a
 * batch, end the run.
 */
public final class PublishBench {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final double NANOS = 1e9;

  private final URI server;
  private final Consumer<String> progress;

  /** A benchmark on this server, which is not to do anything else meanwhile. */
  public PublishBench(URI server, Consumer<String> progress) {
    this.server = server;
    this.progress = progress;
  }

  /**
   * What was measured.
   *
   * @param trials trainings that were published
   * @param params of each
   * @param metrics of each
   * @param seconds that the outbox took, with notes, tags, curves, phases and data sets
   * @param plain seconds of each plain loop, by the number of its threads
   */
  public record Result(
      int trials, int params, int metrics, double seconds, SortedMap<Integer, Double> plain) {
    public Result {
      plain = new TreeMap<>(plain);
    }

    /** How much longer the outbox takes than the fastest plain loop. */
    public double ratio() {
      return seconds / plain.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }
  }

  /**
   * Measures.
   *
   * @param name of campaign and experiments, new to the server
   * @param threads numbers of threads that plain loops are measured with
   */
  public Result run(String name, int trials, int params, int metrics, List<Integer> threads)
      throws InterruptedException {
    progress.accept("Warming up ...");
    plain(name + "-warm", state(name + "-warm", 20, params, metrics), 1);
    publish(state(name + "-warm-2", 20, params, metrics));
    CampaignState state = state(name, trials, params, metrics);
    SortedMap<Integer, Double> plain = new TreeMap<>();
    for (int count : threads) {
      progress.accept("The plain loop with threads: " + count + " ...");
      plain.put(count, plain(name + "-plain-" + count, state, count));
    }
    progress.accept("The outbox ...");
    double seconds = publish(state);
    return new Result(trials, params, metrics, seconds, plain);
  }

  private double publish(CampaignState state) {
    MlflowOutbox outbox = new MlflowOutbox(server, LONGEST, Links.NONE, ArtifactSource.NONE);
    long start = System.nanoTime();
    int done = outbox.publish(state).size();
    double seconds = (System.nanoTime() - start) / NANOS;
    if (done != outbox.pending(state)) {
      throw new IllegalStateException(
          "Only " + done + " of " + outbox.pending(state) + " items reached " + server);
    }
    return seconds;
  }

  /** Each thread with a client of its own, since one has but two connections. */
  private double plain(String experiment, CampaignState state, int threads)
      throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try (MlflowClient client = new MlflowClient(server.toString())) {
      String id = client.createExperiment(experiment);
      List<RunOutcome> outcomes =
          state.attempts().values().stream().map(a -> a.outcome().orElseThrow()).toList();
      List<Arm> arms = state.attempts().values().stream().map(a -> a.trial().arm()).toList();
      long start = System.nanoTime();
      List<Future<?>> shares = new ArrayList<>();
      for (int share = 0; share < threads; share++) {
        int first = share;
        shares.add(
            workers.submit(
                () -> {
                  try (MlflowClient own = new MlflowClient(server.toString())) {
                    for (int i = first; i < arms.size(); i += threads) {
                      plain(own, id, arms.get(i), outcomes.get(i));
                    }
                  }
                }));
      }
      for (Future<?> share : shares) {
        share.get();
      }
      return (System.nanoTime() - start) / NANOS;
    } catch (ExecutionException e) {
      throw new IllegalStateException("The plain loop failed", e);
    } finally {
      workers.shutdownNow();
    }
  }

  private static void plain(MlflowClient client, String experiment, Arm arm, RunOutcome outcome) {
    long end = outcome.finishedAt().toEpochMilli();
    String run =
        client
            .createRun(
                CreateRun.newBuilder()
                    .setExperimentId(experiment)
                    .setRunName(arm.configId())
                    .setStartTime(outcome.startedAt().toEpochMilli())
                    .build())
            .getRunId();
    List<Param> params =
        arm.asMap().entrySet().stream()
            .map(e -> Param.newBuilder().setKey(e.getKey()).setValue(e.getValue()).build())
            .toList();
    List<Metric> metrics =
        outcome.metrics().entrySet().stream()
            .map(
                e ->
                    Metric.newBuilder()
                        .setKey(e.getKey())
                        .setValue(e.getValue())
                        .setTimestamp(end)
                        .build())
            .toList();
    client.logBatch(run, metrics, params, List.<RunTag>of());
    client.setTerminated(run, org.mlflow.api.proto.Service.RunStatus.FINISHED, end);
  }

  /** A campaign whose trainings have all ended. */
  private static CampaignState state(String campaign, int trials, int params, int metrics) {
    CampaignSpec spec = spec(campaign, trials, params);
    CampaignFold fold = new CampaignFold(CampaignState.unknown(campaign));
    long seq = 1;
    fold.add(seq++, START, new CampaignEvent.Created(spec, "bench", Decider.RULES));
    Plan plan =
        new Plan(
            campaign,
            List.of(),
            List.of(),
            new Plan.CostEstimate(0, 0, 0, "nothing"),
            spec.budget().gpuHoursMicros(),
            List.of(),
            List.of());
    fold.add(seq++, START, CampaignEvent.Planned.of(plan));
    fold.add(
        seq++, START, new CampaignEvent.Approved(plan.hash(), plan.capMicros(), "bench", "cli"));
    fold.add(seq++, START, new CampaignEvent.PhaseStarted(Phase.VALIDATION, ""));
    for (int i = 0; i < trials; i++) {
      Arm arm = spec.baseline().with("param_00", String.valueOf(i));
      Instant begun = START.plusSeconds(60L * i);
      TrialSpec trial =
          new TrialSpec(
              TrialSpec.id(Phase.VALIDATION, arm, 1),
              Phase.VALIDATION,
              arm,
              1,
              1,
              false,
              Optional.empty(),
              Optional.of(Source.HISTORY),
              Optional.of(0.001),
              Optional.empty());
      fold.add(seq++, begun, new CampaignEvent.Intent(trial, 1, 1_000, begun.plusSeconds(30)));
      fold.add(
          seq++,
          begun.plusSeconds(50),
          new CampaignEvent.Settled(trial.trialId(), 1, outcome(begun, i, metrics)));
    }
    return fold.state();
  }

  private static RunOutcome outcome(Instant begun, int number, int metrics) {
    SortedMap<String, Double> values = new TreeMap<>();
    for (int m = 0; m < metrics; m++) {
      values.put("metric_%02d".formatted(m), (double) ((number + m) % 97) / 97);
    }
    return new RunOutcome(
        RunStatus.OK, values, List.of(), begun, begun.plusSeconds(40), 1_000, "ok", "");
  }

  private static CampaignSpec spec(String campaign, int trials, int params) {
    Map<String, String> baseline = new TreeMap<>();
    for (int p = 0; p < params; p++) {
      baseline.put("param_%02d".formatted(p), String.valueOf(p));
    }
    return new CampaignSpec(
        campaign,
        new StudyKey("bench", "v1", "metric_00", StudyKey.VALIDATION),
        new Objective("metric_00", Objective.Direction.MAXIMIZE, 0),
        Arm.of(baseline),
        SearchSpace.of(
            List.of(Parameter.ofRange("param_00", Parameter.Type.INT, 0, trials, false))),
        new CampaignSpec.Training("local", "true", Duration.ofMinutes(1), 0),
        new CampaignSpec.Budget(1_000_000_000L, 0, 1),
        new CampaignSpec.Guardrails(".", List.of(), List.of()),
        new CampaignSpec.Sources(true, false, CampaignSpec.LlmUse.NEVER),
        Map.of(Phase.VALIDATION, trials));
  }
}
