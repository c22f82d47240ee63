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
import dev.dormouse.tracking.MlflowEntry;
import dev.dormouse.tracking.MlflowGateway;
import dev.dormouse.tracking.MlflowMetric;
import dev.dormouse.tracking.NewRun;
import dev.dormouse.tracking.RunBatch;
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
import java.util.function.Supplier;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;

/**
 * Measures how long the outbox takes to publish a campaign of many trainings, beside two loops that
 * write the same params and metrics by the same three requests a run (create, log a batch, end):
 * one by MLflow's own Java client, one by Dormouse's gateway.
 */
public final class PublishBench {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final double NANOS = 1e9;

  private final URI server;
  private final MlflowGateway gateway;
  private final Consumer<String> progress;

  /** A benchmark on this server, which must not do anything else meanwhile. */
  public PublishBench(URI server, Consumer<String> progress) {
    this.server = server;
    this.gateway = new MlflowGateway(server, MlflowGateway.LARGE_REPLY_LIMIT);
    this.progress = progress;
  }

  /**
   * The measured times.
   *
   * @param trials number of trainings
   * @param params number of params of each
   * @param metrics number of metrics of each
   * @param seconds time of the outbox, with notes, tags, curves, phases and data sets
   * @param plain seconds of the loop by MLflow's client, by the number of threads
   * @param gateway seconds of the loop by the gateway, by the number of threads
   */
  public record Result(
      int trials,
      int params,
      int metrics,
      double seconds,
      SortedMap<Integer, Double> plain,
      SortedMap<Integer, Double> gateway) {
    public Result {
      plain = new TreeMap<>(plain);
      gateway = new TreeMap<>(gateway);
    }

    /** Returns the time of the outbox divided by that of the fastest loop by MLflow's client. */
    public double ratio() {
      return seconds / plain.values().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }
  }

  /**
   * Runs the benchmark.
   *
   * @param name prefix of campaign and experiments, new to the server
   * @param threads numbers of threads to measure the loops with
   */
  public Result run(String name, int trials, int params, int metrics, List<Integer> threads)
      throws InterruptedException {
    progress.accept("Warming up ...");
    CampaignState warm = state(name + "-warm", 20, params, metrics);
    loop(name + "-warm-client", warm, 1, ClientWriter::new);
    loop(name + "-warm-gateway", warm, 1, GatewayWriter::new);
    publish(state(name + "-warm-2", 20, params, metrics));
    CampaignState state = state(name, trials, params, metrics);
    SortedMap<Integer, Double> plain = new TreeMap<>();
    SortedMap<Integer, Double> byGateway = new TreeMap<>();
    for (int count : threads) {
      progress.accept("The loops with threads: " + count + " ...");
      plain.put(count, loop(name + "-plain-" + count, state, count, ClientWriter::new));
      byGateway.put(count, loop(name + "-gateway-" + count, state, count, GatewayWriter::new));
    }
    progress.accept("The outbox ...");
    double seconds = publish(state);
    return new Result(trials, params, metrics, seconds, plain, byGateway);
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

  /** Writes single runs, from one thread. */
  private interface RunWriter extends AutoCloseable {
    void write(String experimentId, Arm arm, RunOutcome outcome);

    @Override
    void close();
  }

  /** Writes every run of a campaign in a loop, shared by some threads with a writer each. */
  private double loop(
      String experiment, CampaignState state, int threads, Supplier<RunWriter> writers)
      throws InterruptedException {
    String id = gateway.createExperiment(experiment);
    List<RunOutcome> outcomes =
        state.attempts().values().stream().map(a -> a.outcome().orElseThrow()).toList();
    List<Arm> arms = state.attempts().values().stream().map(a -> a.trial().arm()).toList();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Future<?>> shares = new ArrayList<>();
      for (int share = 0; share < threads; share++) {
        int first = share;
        shares.add(
            workers.submit(
                () -> {
                  try (RunWriter writer = writers.get()) {
                    for (int i = first; i < arms.size(); i += threads) {
                      writer.write(id, arms.get(i), outcomes.get(i));
                    }
                  }
                }));
      }
      for (Future<?> share : shares) {
        share.get();
      }
      return (System.nanoTime() - start) / NANOS;
    } catch (ExecutionException e) {
      throw new IllegalStateException("The loop over single runs failed", e);
    } finally {
      workers.shutdownNow();
    }
  }

  /** A client has two connections only, so each thread needs its own. */
  private final class ClientWriter implements RunWriter {
    private final MlflowClient client = new MlflowClient(server.toString());

    @Override
    public void write(String experimentId, Arm arm, RunOutcome outcome) {
      long end = outcome.finishedAt().toEpochMilli();
      String run =
          client
              .createRun(
                  CreateRun.newBuilder()
                      .setExperimentId(experimentId)
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

    @Override
    public void close() {
      client.close();
    }
  }

  /** The gateway may be shared by threads. */
  private final class GatewayWriter implements RunWriter {
    @Override
    public void write(String experimentId, Arm arm, RunOutcome outcome) {
      Instant end = outcome.finishedAt();
      long start = outcome.startedAt().toEpochMilli();
      String run =
          gateway.createRun(new NewRun(experimentId, arm.configId(), start, List.of())).id();
      List<MlflowEntry> params =
          arm.asMap().entrySet().stream()
              .map(e -> new MlflowEntry(e.getKey(), e.getValue()))
              .toList();
      List<MlflowMetric> metrics =
          outcome.metrics().entrySet().stream()
              .map(e -> new MlflowMetric(e.getKey(), e.getValue(), end.toEpochMilli(), 0))
              .toList();
      gateway.log(new RunBatch(run, params, List.of(), metrics));
      gateway.endRun(run, "FINISHED", end);
    }

    @Override
    public void close() {
      // It has nothing to release.
    }
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
