package dev.dormouse.eval.simulate;

import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Digests;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.RunStatus;
import dev.dormouse.runbook.Diagnosis;
import dev.dormouse.runbook.Runbook;
import dev.dormouse.runbook.Symptoms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** The training cluster: requests on their way, running jobs and their ends. Its clock is exact. */
final class SimulatedCluster {
  /** Secret in the logs of trainings that must not appear anywhere else. */
  static final String SECRET = "sk-simulated-0123456789abcdefghij";

  private static final int CURVE_STEPS = 4;
  private static final Duration STEP = Duration.ofMinutes(1);

  /** The most that a worker's clock deviates from the cluster's. */
  private static final int WORKER_SKEW_SECONDS = 240;

  private final Chaos chaos;
  private final Checker checker;
  private final Map<String, Job> jobs = new HashMap<>();
  private final List<Post> posts = new ArrayList<>();
  private Instant now;

  SimulatedCluster(Chaos chaos, Checker checker, Instant start) {
    this.chaos = chaos;
    this.checker = checker;
    this.now = start;
  }

  /** A launch request that has not arrived yet. */
  private record Post(Instant arrives, CampaignSpec spec, Command.Launch launch) {}

  /** A training, with its predetermined end. */
  private static final class Job {
    private final CampaignSpec spec;
    private final TrialSpec trial;
    private final Instant startedAt;
    private final RunStatus end;
    private Instant endsAt;
    private boolean stopped;
    private boolean deleted;

    /** Whether it started after its deadline and never trained. */
    private final boolean aborted;

    Job(CampaignSpec spec, TrialSpec trial, Instant startedAt, boolean aborted, Random random) {
      this.spec = spec;
      this.trial = trial;
      this.startedAt = startedAt;
      this.aborted = aborted;
      this.end = drawEnd(random);
      Duration timeout = spec.training().timeout();
      this.endsAt =
          end == RunStatus.TIMEOUT
              ? startedAt.plus(timeout)
              : startedAt.plusSeconds(60 + random.nextInt((int) timeout.toSeconds() - 60));
    }

    private static RunStatus drawEnd(Random random) {
      int draw = random.nextInt(100);
      if (draw < 76) {
        return RunStatus.OK;
      }
      return draw < 84
          ? RunStatus.INFRA
          : draw < 88
              ? RunStatus.OOM
              : draw < 92
                  ? RunStatus.DIVERGED
                  : draw < 95
                      ? RunStatus.COLLAPSED
                      : draw < 98 ? RunStatus.FAILED : RunStatus.TIMEOUT;
    }
  }

  Instant now() {
    return now;
  }

  /** Advances the clock; requests arrive when they are due. */
  void until(Instant later) {
    posts.sort(Comparator.comparing(Post::arrives));
    while (!posts.isEmpty() && !posts.get(0).arrives().isAfter(later)) {
      Post post = posts.remove(0);
      now = post.arrives();
      start(post.spec(), post.launch());
    }
    now = later;
  }

  void postLater(Duration delay, CampaignSpec spec, Command.Launch launch) {
    posts.add(new Post(now.plus(delay), spec, launch));
  }

  /** Starts a job unless one with the same run id exists. */
  void start(CampaignSpec spec, Command.Launch launch) {
    String runId = launch.key().runId();
    Job before = jobs.get(runId);
    if (before != null) {
      // A deleted record appears again, but the run id stays claimed.
      before.deleted = false;
      return;
    }
    int skew = chaos.random().nextInt(2 * WORKER_SKEW_SECONDS) - WORKER_SKEW_SECONDS;
    boolean late = now.plusSeconds(skew).isAfter(launch.launchNotAfter());
    Random random = new Random(Digests.sha256(runId).hashCode());
    jobs.put(runId, new Job(spec, launch.trial(), now, late, random));
    if (!late) {
      checker.started(launch.key());
    }
  }

  boolean hasStarted(TrialKey key) {
    Job job = jobs.get(key.runId());
    return job != null && !job.aborted;
  }

  /** Whether a run has ended by now or never trained. */
  boolean hasEnded(TrialKey key) {
    Job job = jobs.get(key.runId());
    return job != null && (job.aborted || job.deleted || !job.endsAt.isAfter(now));
  }

  /** Returns the true cost of a run, in micro-GPU-hours. */
  long costMicros(TrialKey key) {
    Job job = jobs.get(key.runId());
    return GpuHours.micros(Duration.between(job.startedAt, job.endsAt), job.spec.training().gpus());
  }

  /** Deletes a run: kills it and removes its record, as an operator may do. */
  void delete(TrialKey key) {
    Job job = jobs.get(key.runId());
    if (job != null && !job.aborted && job.endsAt.isAfter(now)) {
      job.deleted = true;
      job.stopped = true;
      job.endsAt = now;
    }
  }

  void stop(TrialKey key) {
    Job job = jobs.get(key.runId());
    if (job != null && !job.aborted && job.endsAt.isAfter(now)) {
      job.stopped = true;
      job.endsAt = now;
    }
  }

  Observation observe(TrialKey key) {
    Job job = jobs.get(key.runId());
    if (job == null || job.deleted) {
      return new Observation.NotFound(key, now);
    }
    if (job.aborted) {
      return new Observation.AbortedLate(key);
    }
    String id = "job:" + key.runId();
    return job.endsAt.isAfter(now)
        ? new Observation.Running(key, id, curve(job, now))
        : new Observation.Ended(key, id, outcome(job));
  }

  private static List<MetricPoint> curve(Job job, Instant upTo) {
    long steps = Math.min(CURVE_STEPS, Duration.between(job.startedAt, upTo).dividedBy(STEP));
    List<MetricPoint> curve = new ArrayList<>();
    for (long step = 1; step <= steps; step++) {
      curve.add(
          new MetricPoint(
              job.spec.objective().metric(), step, result(job) - 0.01 * (CURVE_STEPS - step)));
    }
    return curve;
  }

  /** Returns the true result: a wider embedding gains, seeds add noise. */
  private static double result(Job job) {
    double dim = Double.parseDouble(job.trial.arm().value("embedding_dim").orElse("16"));
    int noise = Math.floorMod((job.trial.arm().configId() + job.trial.seed()).hashCode(), 100);
    return 0.7 + dim / 10_000 + noise / 1e5;
  }

  private static RunOutcome outcome(Job job) {
    RunStatus end = job.stopped ? RunStatus.ABANDONED : job.end;
    String metric = job.spec.objective().metric();
    SortedMap<String, Double> metrics = new TreeMap<>();
    if (end == RunStatus.OK || end == RunStatus.COLLAPSED) {
      double value = end == RunStatus.OK ? result(job) : 0.5;
      metrics.put(metric, value);
      metrics.put("test_" + metric, value - 0.01);
    }
    Diagnosis diagnosis =
        Runbook.diagnose(
            new Symptoms(
                exitCode(end),
                end == RunStatus.ABANDONED
                    ? Symptoms.End.STOPPED
                    : end == RunStatus.TIMEOUT ? Symptoms.End.TIMED_OUT : Symptoms.End.ITSELF,
                job.spec.objective().asMetric(),
                metrics,
                log(end)));
    return new RunOutcome(
        diagnosis.status(),
        metrics,
        curve(job, job.endsAt),
        job.startedAt,
        job.endsAt,
        GpuHours.micros(Duration.between(job.startedAt, job.endsAt), job.spec.training().gpus()),
        diagnosis.rule(),
        diagnosis.text());
  }

  private static OptionalInt exitCode(RunStatus end) {
    return switch (end) {
      case OK, COLLAPSED -> OptionalInt.of(0);
      case INFRA, ABANDONED -> OptionalInt.empty();
      default -> OptionalInt.of(1);
    };
  }

  private static String log(RunStatus end) {
    return switch (end) {
      case OOM -> "API_KEY=" + SECRET + " CUDA out of memory";
      case DIVERGED -> "epoch 1: loss is nan (token " + SECRET + ")";
      case FAILED -> "cannot fetch https://trainer:" + SECRET + "@data/part-1: 403";
      default -> "";
    };
  }
}
