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

/** The machines: what was posted to them, what runs there and how it ends. Its clock is right. */
final class SimulatedCluster {
  /** Stands in the logs of trainings, and must never be seen anywhere else. */
  static final String SECRET = "sk-simulated-0123456789abcdefghij";

  private static final int CURVE_STEPS = 4;
  private static final Duration STEP = Duration.ofMinutes(1);

  /** Clocks of workers differ by this much from the one that everybody else goes by. */
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

  /** A request to train that is still on its way. */
  private record Post(Instant arrives, CampaignSpec spec, Command.Launch launch) {}

  /** How a training is going to end, and when. */
  private static final class Job {
    private final CampaignSpec spec;
    private final TrialSpec trial;
    private final Instant startedAt;
    private final RunStatus fate;
    private Instant endsAt;
    private boolean stopped;
    private boolean deleted;

    /** Whether it came too late and never trained. */
    private final boolean aborted;

    Job(CampaignSpec spec, TrialSpec trial, Instant startedAt, boolean aborted, Random random) {
      this.spec = spec;
      this.trial = trial;
      this.startedAt = startedAt;
      this.aborted = aborted;
      this.fate = fate(random);
      Duration timeout = spec.training().timeout();
      this.endsAt =
          fate == RunStatus.TIMEOUT
              ? startedAt.plus(timeout)
              : startedAt.plusSeconds(60 + random.nextInt((int) timeout.toSeconds() - 60));
    }

    private static RunStatus fate(Random random) {
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

  /** Lets time pass: what was on its way arrives when it is due. */
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

  /** Whoever comes first under a name trains; all others leave. */
  void start(CampaignSpec spec, Command.Launch launch) {
    String runId = launch.key().runId();
    Job before = jobs.get(runId);
    if (before != null) {
      // A record that was deleted by hand appears again, but the claim is taken.
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

  /** A run that has ended by now, or never trained. */
  boolean hasEnded(TrialKey key) {
    Job job = jobs.get(key.runId());
    return job != null && (job.aborted || job.deleted || !job.endsAt.isAfter(now));
  }

  /** What a run really cost, in micro-GPU-hours. */
  long costMicros(TrialKey key) {
    Job job = jobs.get(key.runId());
    return GpuHours.micros(Duration.between(job.startedAt, job.endsAt), job.spec.training().gpus());
  }

  /** Deletes a run by hand: it is killed, and its record is gone. */
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

  /** The truth: a wider embedding helps, seeds wiggle. */
  private static double result(Job job) {
    double dim = Double.parseDouble(job.trial.arm().value("embedding_dim").orElse("16"));
    int wiggle = Math.floorMod((job.trial.arm().configId() + job.trial.seed()).hashCode(), 100);
    return 0.7 + dim / 10_000 + wiggle / 1e5;
  }

  private static RunOutcome outcome(Job job) {
    RunStatus fate = job.stopped ? RunStatus.ABANDONED : job.fate;
    String metric = job.spec.objective().metric();
    SortedMap<String, Double> metrics = new TreeMap<>();
    if (fate == RunStatus.OK || fate == RunStatus.COLLAPSED) {
      double value = fate == RunStatus.OK ? result(job) : 0.5;
      metrics.put(metric, value);
      metrics.put("test_" + metric, value - 0.01);
    }
    Diagnosis diagnosis =
        Runbook.diagnose(
            new Symptoms(
                exitCode(fate),
                fate == RunStatus.ABANDONED
                    ? Symptoms.End.STOPPED
                    : fate == RunStatus.TIMEOUT ? Symptoms.End.TIMED_OUT : Symptoms.End.ITSELF,
                job.spec.objective().asMetric(),
                metrics,
                log(fate)));
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

  private static OptionalInt exitCode(RunStatus fate) {
    return switch (fate) {
      case OK, COLLAPSED -> OptionalInt.of(0);
      case INFRA, ABANDONED -> OptionalInt.empty();
      default -> OptionalInt.of(1);
    };
  }

  private static String log(RunStatus fate) {
    return switch (fate) {
      case OOM -> "API_KEY=" + SECRET + " CUDA out of memory";
      case DIVERGED -> "epoch 1: loss is nan (token " + SECRET + ")";
      case FAILED -> "cannot fetch https://trainer:" + SECRET + "@data/part-1: 403";
      default -> "";
    };
  }
}
