package dev.dormouse.eval.bench;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignState.Attempt;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.TrialKey;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.io.KernelLake;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.StudyKey;
import dev.dormouse.tick.CampaignLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Creates campaigns that wait for trainings of the local backend, without training anything. */
public final class WaitingCampaigns {
  private static final Duration TIMEOUT = Duration.ofHours(24);

  private final KernelLake lake;
  private final Path workDir;
  private final Instant now;

  /**
   * Prepares a lake.
   *
   * @param lake the lake to write to; its tables exist
   * @param workDir work directory of the local backend
   * @param now launch time of every training
   */
  public WaitingCampaigns(KernelLake lake, Path workDir, Instant now) {
    this.lake = lake;
    this.workDir = workDir;
    this.now = now;
  }

  /** Returns the keys of all trainings that have not ended. */
  public List<TrialKey> open() {
    return CampaignLog.read(lake).states().values().stream()
        .flatMap(state -> state.open().stream())
        .map(Attempt::key)
        .toList();
  }

  /**
   * Writes campaigns whose trials are all running.
   *
   * @param campaigns number of campaigns
   * @param openTrials number of trials of each campaign
   * @param commits approximate number of commits
   */
  public void write(int campaigns, int openTrials, int commits) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < campaigns; i++) {
      ids.add(String.format("campaign-%05d", i));
    }
    CampaignLog log = CampaignLog.read(lake);
    Map<String, List<CampaignEvent>> batch = new TreeMap<>();
    // The first commit of a campaign creates it; each commit adds some of its trials.
    int parts = Math.max(1, commits / Math.max(1, Math.min(campaigns, commits)));
    int campaignsACommit = Math.max(1, campaigns * parts / commits);
    for (int first = 0; first < campaigns; first += campaignsACommit) {
      List<String> some = ids.subList(first, Math.min(campaigns, first + campaignsACommit));
      for (int part = 0; part < parts; part++) {
        int from = openTrials * part / parts;
        int to = openTrials * (part + 1) / parts;
        for (String id : some) {
          List<CampaignEvent> events = new ArrayList<>();
          if (part == 0) {
            events.addAll(beginning(id, openTrials));
          }
          for (int trial = from; trial < to; trial++) {
            events.addAll(launched(trial));
          }
          if (!events.isEmpty()) {
            batch.put(id, events);
          }
        }
        if (!batch.isEmpty()) {
          log = log.append(batch, now, "bench").orElseThrow();
          batch.clear();
        }
      }
    }
  }

  private static List<CampaignEvent> beginning(String id, int openTrials) {
    CampaignSpec spec = spec(id, openTrials);
    Plan plan =
        new Plan(
            id,
            List.of(),
            List.of(),
            new CostEstimate(1, 2, 3, "none"),
            Long.MAX_VALUE / 4,
            List.of(),
            List.of());
    return List.of(
        new CampaignEvent.Created(spec, "bench", Decider.RULES),
        CampaignEvent.Planned.of(plan),
        new CampaignEvent.Approved(plan.hash(), plan.capMicros(), "bench", "cli"),
        new CampaignEvent.PhaseStarted(Phase.VALIDATION, "bench"));
  }

  private static CampaignSpec spec(String id, int openTrials) {
    return new CampaignSpec(
        id,
        new StudyKey("clicks", "v1", "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
        arm(),
        SearchSpace.of(
            List.of(
                Parameter.ofRange("learning_rate", Parameter.Type.FLOAT, 1e-4, 0.1, true),
                Parameter.ofChoices(
                    "embedding_dim", Parameter.Type.INT, List.of("8", "16", "32", "64")))),
        new CampaignSpec.Training("local", "true", TIMEOUT, 1),
        new CampaignSpec.Budget(0, 0, openTrials),
        new CampaignSpec.Guardrails(".", List.of(), List.of()),
        new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.NEVER),
        Map.of(Phase.VALIDATION, openTrials));
  }

  private static Arm arm() {
    return Arm.of(
        Map.of(
            "model", "dnn", "learning_rate", "0.001", "embedding_dim", "16", "batch_size", "64"));
  }

  private List<CampaignEvent> launched(int number) {
    TrialSpec trial =
        new TrialSpec(
            TrialSpec.id(Phase.VALIDATION, arm(), number + 1L),
            Phase.VALIDATION,
            arm(),
            number + 1L,
            1,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return List.of(
        new CampaignEvent.Intent(
            trial, 1, spec("c", 1).training().worstCaseMicros(), now.plus(TIMEOUT)),
        new CampaignEvent.Launched(trial.trialId(), 1, "run " + number));
  }

  /** Writes the files of a training that has begun; this process stands for the training's. */
  public void begin(TrialKey key) throws IOException {
    Path run = runDirectory(key);
    Files.createDirectories(run.resolve("claim"));
    Files.writeString(run.resolve("pid"), Long.toString(ProcessHandle.current().pid()));
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"step\":1,\"metric\":\"auc\",\"value\":0.7}\n");
  }

  /** Writes the files of a training that has succeeded. */
  public void end(TrialKey key) throws IOException {
    Path run = runDirectory(key);
    Files.writeString(run.resolve("result.json"), "{\"status\":\"ok\",\"metrics\":{\"auc\":0.78}}");
    Files.writeString(run.resolve("exit"), "0\n");
  }

  private Path runDirectory(TrialKey key) {
    return workDir
        .resolve(key.campaignId())
        .resolve(key.trialId())
        .resolve(Integer.toString(key.attempt()));
  }
}
