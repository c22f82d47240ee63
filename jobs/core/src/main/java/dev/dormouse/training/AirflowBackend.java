package dev.dormouse.training;

import dev.dormouse.airflow.AirflowClient;
import dev.dormouse.airflow.AirflowException;
import dev.dormouse.airflow.Dag;
import dev.dormouse.airflow.DagRun;
import dev.dormouse.airflow.LogLine;
import dev.dormouse.airflow.TaskInstance;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Command;
import dev.dormouse.campaign.Observation;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.model.CampaignSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Trains in Airflow: each attempt is a run of the DAG {@code dormouse_train} with the attempt's own
 * id, on Airflow's workers. The workers share the run directory, which has the progress and the
 * outcome of a run; Airflow is asked whether the run exists. The backend only triggers and reads:
 * it stops a training by a file in its run directory.
 */
public final class AirflowBackend implements TrainingBackend {
  /** The DAG that trains; its file is in {@code dags-client/dags}. */
  public static final String DAG = "dormouse_train";

  private static final String TASK = "train";
  private static final String LOG = "log.txt";
  private static final int LOG_LINES = 200;

  /** A wrapper without a heartbeat for so long is dead. It writes one every 5 seconds. */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofMinutes(2);

  private static final Set<AirflowException.Kind> REFUSALS =
      Set.of(AirflowException.Kind.NOT_FOUND, AirflowException.Kind.REJECTED);

  private static final Set<String> OPEN = Set.of("queued", "running");

  private final AirflowClient airflow;
  private final Path workDir;
  private final Clock clock;

  /** Why runs wait, as of {@link #hindranceAsOf}; the same for all runs. */
  private Optional<String> hindrance = Optional.empty();

  private Instant hindranceAsOf = Instant.MIN;

  /**
   * A backend.
   *
   * @param workDir directory of the run directories: the same path here and on Airflow's workers
   * @param clock for the age of heartbeats
   */
  public AirflowBackend(AirflowClient airflow, Path workDir, Clock clock) {
    this.airflow = airflow;
    this.workDir = workDir.toAbsolutePath().normalize();
    this.clock = clock;
  }

  @Override
  public String launch(CampaignSpec spec, Command.Launch launch) {
    RunDirectory run = RunDirectory.of(workDir, launch.key());
    String id = launch.key().runId();
    try {
      RunFiles.prepare(spec, launch, run);
      Map<String, Object> conf = conf(spec, launch, run);
      try {
        airflow.trigger(DAG, id, conf);
      } catch (AirflowException e) {
        if (REFUSALS.contains(e.kind())) {
          throw new TrainingBackendException(hindrance().orElse(e.getMessage()), e);
        }
        if (e.kind() != AirflowException.Kind.CONFLICT) {
          throw e;
        }
        // Airflow returns 409 also for other reasons than a run with this id.
        DagRun existing = airflow.run(DAG, id).orElseThrow(() -> e);
        if (!isOurs(existing, run)) {
          throw foreign(id);
        }
      }
      return id;
    } catch (IOException | AirflowException e) {
      throw new TrainingBackendException("Cannot launch: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> conf(
      CampaignSpec spec, Command.Launch launch, RunDirectory run) {
    return new TreeMap<>(
        Map.of(
            "run_directory", run.path().toString(),
            "working_directory",
                Path.of(spec.guardrails().repository()).toAbsolutePath().toString(),
            "launch_not_after", launch.launchNotAfter().getEpochSecond(),
            "timeout_seconds", Math.max(1, spec.training().timeout().toSeconds()),
            "command", RunFiles.command(spec, run)));
  }

  /** Returns whether a run trains in our run directory, so that our claim guards it. */
  private static boolean isOurs(DagRun existing, RunDirectory run) {
    return run.path().toString().equals(existing.conf().get("run_directory"));
  }

  private static TrainingBackendException foreign(String id) {
    return new TrainingBackendException(
        "The run "
            + id
            + " of DAG "
            + DAG
            + " in Airflow was not made by Dormouse; delete it there");
  }

  @Override
  public Observation observe(CampaignSpec spec, Attempt attempt) {
    TrialKey key = attempt.key();
    String id = key.runId();
    RunDirectory run = RunDirectory.of(workDir, key);
    try {
      Set<String> files = run.files();
      if (files.contains("aborted")) {
        return new Observation.AbortedLate(key);
      }
      if (files.contains("exit")) {
        return ended(spec, key, run);
      }
      boolean claimed = files.contains("claim");
      if (claimed && hasHeartbeat(run)) {
        return new Observation.Running(key, id, run.curveOf(attempt));
      }
      Optional<DagRun> found = airflow.run(DAG, id);
      if (found.isEmpty() && attempt.externalId().isEmpty() && !claimed) {
        return new Observation.NotFound(key, airflow.lastReplyAt());
      }
      if (found.isEmpty()) {
        return claimed ? ended(spec, key, run) : neverTrained(spec, key, run);
      }
      DagRun dagRun = found.get();
      if (!claimed && !isOurs(dagRun, run)) {
        return new Observation.Unknown(key, foreign(id).getMessage());
      }
      if (OPEN.contains(dagRun.state())) {
        return claimed
            ? new Observation.Running(key, id, run.curveOf(attempt))
            : new Observation.Queued(key, id, hindrance());
      }
      return claimed ? ended(spec, key, run) : neverTrained(spec, key, run);
    } catch (AirflowException | UncheckedIOException e) {
      return new Observation.Unknown(key, e.getMessage());
    }
  }

  private Observation ended(CampaignSpec spec, TrialKey key, RunDirectory run) {
    OptionalInt exit =
        run.number("exit").map(code -> OptionalInt.of(code.intValue())).orElse(OptionalInt.empty());
    return new Observation.Ended(key, key.runId(), RunFiles.outcome(spec, run, exit, clock));
  }

  /**
   * Ends a run that Airflow ended or deleted before it trained. Takes the claim, so that nobody can
   * start the run again after it was settled, and keeps Airflow's log for the diagnosis.
   */
  private Observation neverTrained(CampaignSpec spec, TrialKey key, RunDirectory run) {
    if (!run.claim()) {
      return new Observation.Running(key, key.runId(), List.of());
    }
    try {
      if (!run.has(LOG) || run.logTail().isEmpty()) {
        run.write(LOG, log(key.runId()));
      }
    } catch (IOException | AirflowException e) {
      // The attempt has failed, with or without a log.
    }
    return ended(spec, key, run);
  }

  private String log(String id) {
    if (airflow.run(DAG, id).isEmpty()) {
      return "Somebody deleted the run in Airflow before it trained.\n";
    }
    int tries =
        airflow.tasks(DAG, id).stream()
            .filter(task -> task.taskId().equals(TASK))
            .mapToInt(TaskInstance::tryNumber)
            .findFirst()
            .orElse(0);
    if (tries == 0) {
      return "Airflow ended the run before its task began.\n";
    }
    List<LogLine> lines = airflow.logTail(DAG, id, TASK, tries, LOG_LINES);
    List<LogLine> errors = lines.stream().filter(LogLine::isError).toList();
    return (errors.isEmpty() ? lines : errors)
        .stream().map(line -> line.text() + "\n").collect(Collectors.joining());
  }

  private boolean hasHeartbeat(RunDirectory run) {
    Instant last =
        run.time("heartbeat")
            .or(() -> run.time("trainer"))
            .or(() -> run.time("claim"))
            .orElse(Instant.MIN);
    return last.isAfter(clock.instant().minus(HEARTBEAT_TIMEOUT));
  }

  private Optional<String> hindrance() {
    Instant now = clock.instant();
    if (hindranceAsOf.isBefore(now.minusSeconds(5))) {
      hindrance = hindrance(airflow);
      hindranceAsOf = now;
    }
    return hindrance;
  }

  private static Optional<String> hindrance(AirflowClient airflow) {
    Optional<Dag> dag = airflow.dag(DAG);
    if (dag.isPresent() && dag.get().hasImportErrors()) {
      return Optional.of("DAG " + DAG + " does not parse in Airflow; see its import errors");
    }
    if (dag.isEmpty() || dag.get().stale()) {
      return Optional.of("DAG " + DAG + " is not in Airflow; deploy dags-client/dags");
    }
    if (dag.get().paused()) {
      return Optional.of("DAG " + DAG + " is paused in Airflow; unpause it");
    }
    return airflow.isSchedulerHealthy()
        ? Optional.empty()
        : Optional.of("Airflow's scheduler is not healthy; check that it is running");
  }

  @Override
  public void stop(CampaignSpec spec, Command.Stop stop) {
    RunDirectory run = RunDirectory.of(workDir, stop.key());
    try {
      if (!run.has("exit")) {
        run.write("stopped", stop.reason());
      }
    } catch (IOException e) {
      throw new TrainingBackendException(
          "Cannot stop " + stop.key().runId() + ": " + e.getMessage(), e);
    }
  }
}
