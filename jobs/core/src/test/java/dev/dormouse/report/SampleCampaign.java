package dev.dormouse.report;

import dev.dormouse.campaign.CampaignEvent;
import dev.dormouse.campaign.CampaignFold;
import dev.dormouse.campaign.CampaignState;
import dev.dormouse.campaign.Decider;
import dev.dormouse.campaign.LoggedEvent;
import dev.dormouse.campaign.RunOutcome;
import dev.dormouse.campaign.TrialSpec;
import dev.dormouse.campaign.Verdict;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Change;
import dev.dormouse.model.GpuHours;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Insight;
import dev.dormouse.model.MetricPoint;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.Step;
import dev.dormouse.model.StudyKey;
import dev.dormouse.stats.Estimate;
import dev.dormouse.stats.PairedComparison;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;

/**
 * An artificial campaign as a valid log of events: five baseline seeds, single changes with two
 * failures, combinations, search and a confirmation. The log is the same every time.
 */
public final class SampleCampaign {
  static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final Duration RUN = Duration.ofSeconds(48);
  private static final double BASELINE_AUC = 0.7712;
  private static final double NOISE = 0.0012;

  private final String campaignId;
  private final String outside;
  private final List<LoggedEvent> events = new ArrayList<>();
  private final Random random = new Random(20260302);
  private CampaignState state;
  private Instant now = START;
  private int ticks;

  private SampleCampaign(String campaignId, String outside) {
    this.campaignId = campaignId;
    this.outside = outside;
    this.state = CampaignState.unknown(campaignId);
  }

  /** Returns the whole campaign. */
  public static SampleCampaign finished() {
    return finished("ctr-q3", "");
  }

  /** Returns the whole campaign, with a text added to every string that comes from outside. */
  public static SampleCampaign finished(String campaignId, String outside) {
    SampleCampaign sample = new SampleCampaign(campaignId, outside);
    sample.run();
    return sample;
  }

  public CampaignState state() {
    return state;
  }

  /** Returns the report's data after the first events only. */
  ReportData reportDataAfter(int count) {
    return new ReportData(stateAfter(count), events.subList(0, count), List.of(), 1);
  }

  /** Returns the state after the first events only. */
  public CampaignState stateAfter(int count) {
    CampaignState early = CampaignState.unknown(campaignId);
    for (LoggedEvent event : events.subList(0, count)) {
      early = CampaignFold.apply(early, event.seq(), event.at(), event.event());
    }
    return early;
  }

  public List<LoggedEvent> events() {
    return List.copyOf(events);
  }

  ReportData reportData() {
    return new ReportData(state, events, insights(), ticks);
  }

  /** Returns a state in which these keys have been published, too. */
  public static CampaignState acked(CampaignState state, List<String> keys) {
    return CampaignFold.apply(
        state, state.lastSeq() + 1, START, new CampaignEvent.OutboxAcked(keys));
  }

  private void run() {
    CampaignSpec spec = spec();
    add("file", new CampaignEvent.Created(spec, "kim" + outside, Decider.RULES));
    Plan plan = plan(spec);
    add("file", CampaignEvent.Planned.of(plan));
    tick();
    add(new CampaignEvent.Approved(plan.hash(), GpuHours.micros(1.0), "kim" + outside, "cli"));
    baseline(spec);
    validation(plan);
    combination(spec);
    exploitation(spec);
    Arm winner = arm(spec, "learning_rate", "0.003").with("dropout", "0.2").with("l2", "0.00001");
    confirmation(spec, winner);
  }

  private void baseline(CampaignSpec spec) {
    begin(Phase.BASELINE, "the plan was approved");
    for (long seed = 1; seed <= 5; seed++) {
      train(trial(Phase.BASELINE, spec.baseline(), seed, Optional.empty()), 0);
    }
  }

  private void validation(Plan plan) {
    begin(Phase.VALIDATION, "the baseline has 5 runs");
    double[] gains = {0.0046, 0.0021, 0.0032, Double.NaN, -0.0009, 0.0004, -0.0031, Double.NaN};
    for (int i = 0; i < plan.hypotheses().size(); i++) {
      Hypothesis hypothesis = plan.hypotheses().get(i);
      TrialSpec trial = trial(Phase.VALIDATION, hypothesis.arm(), 1, Optional.of(hypothesis));
      if (Double.isNaN(gains[i])) {
        fail(trial, i == 3 ? RunStatus.DIVERGED : RunStatus.OOM);
      } else {
        train(trial, gains[i]);
      }
    }
  }

  private void combination(CampaignSpec spec) {
    begin(Phase.COMBINATION, "validation has tried its hypotheses");
    Arm fast = arm(spec, "learning_rate", "0.003");
    propose(Phase.COMBINATION, Source.COMBINATION, fast.with("dropout", "0.2"), 0.0067, 0.0059);
    propose(
        Phase.COMBINATION, Source.COMBINATION, fast.with("embedding_dim", "32"), 0.0078, 0.0051);
    propose(
        Phase.COMBINATION,
        Source.COMBINATION,
        fast.with("dropout", "0.2").with("embedding_dim", "32"),
        0.0082,
        0.0064);
  }

  private void exploitation(CampaignSpec spec) {
    begin(Phase.EXPLOITATION, "nothing is left to combine");
    Arm best = arm(spec, "learning_rate", "0.003").with("dropout", "0.2");
    propose(Phase.EXPLOITATION, Source.SURROGATE, best.with("l2", "0.00001"), 0.0071, 0.0082);
    propose(Phase.EXPLOITATION, Source.SURROGATE, best.with("l2", "0.0001"), 0.0069, 0.0033);
    propose(
        Phase.EXPLOITATION, Source.SURROGATE, best.with("learning_rate", "0.005"), 0.0065, 0.0048);
    propose(Phase.EXPLOITATION, Source.SURROGATE, best.with("embedding_dim", "64"), 0.0066, 0.0057);
  }

  private void confirmation(CampaignSpec spec, Arm winner) {
    begin(Phase.CONFIRMATION, "the search has ended");
    int pairs = 8;
    double[] control = new double[pairs];
    double[] challenger = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      control[i] = train(trial(Phase.CONFIRMATION, spec.baseline(), 1001 + i, Optional.empty()), 0);
      challenger[i] = train(trial(Phase.CONFIRMATION, winner, 1001 + i, Optional.empty()), 0.0061);
    }
    PairedComparison comparison = PairedComparison.of(control, challenger);
    tick();
    add(
        new CampaignEvent.Finished(
            new Verdict(
                Verdict.Kind.CONFIRMED,
                Optional.of(winner),
                Optional.of(comparison(comparison, 0)),
                Optional.of(comparison(comparison, -0.0009)),
                "The winner beats the baseline on fresh seeds." + outside)));
  }

  private static Verdict.Comparison comparison(PairedComparison c, double shift) {
    Estimate gain = c.gain();
    return new Verdict.Comparison(
        c.pairs(),
        c.baseline().mean(),
        c.baseline().low(),
        c.baseline().high(),
        c.winner().mean() + shift,
        c.winner().low() + shift,
        c.winner().high() + shift,
        gain.mean() + shift,
        gain.low() + shift,
        gain.high() + shift,
        c.pValue());
  }

  private void propose(Phase phase, Source source, Arm arm, double predicted, double gain) {
    train(
        new TrialSpec(
            TrialSpec.id(phase, arm, 1),
            phase,
            arm,
            1,
            1,
            false,
            Optional.empty(),
            Optional.of(source),
            Optional.of(predicted),
            Optional.empty()),
        gain);
  }

  private static TrialSpec trial(Phase phase, Arm arm, long seed, Optional<Hypothesis> hypothesis) {
    return new TrialSpec(
        TrialSpec.id(phase, arm, seed),
        phase,
        arm,
        seed,
        1,
        phase == Phase.CONFIRMATION,
        hypothesis.map(Hypothesis::hypothesisId),
        hypothesis.map(Hypothesis::source),
        hypothesis.map(h -> h.forecast().gain()),
        Optional.empty());
  }

  private double train(TrialSpec trial, double gain) {
    double auc = BASELINE_AUC + gain + NOISE * random.nextGaussian();
    launch(trial);
    settle(
        trial,
        RunStatus.OK,
        Map.of("auc", auc, "logloss", 1.23 - auc),
        List.of(
            new MetricPoint("auc", 1, auc - 0.03),
            new MetricPoint("auc", 2, auc - 0.008),
            new MetricPoint("auc", 3, auc)),
        "");
    return auc;
  }

  private void fail(TrialSpec trial, RunStatus status) {
    launch(trial);
    boolean memory = status == RunStatus.OOM;
    String detail = memory ? "MemoryError: cannot allocate 3.1 GiB" : "loss is nan at step 240";
    settle(trial, status, Map.of(), List.of(), detail + outside);
    add(
        new CampaignEvent.Diagnosed(
            trial.trialId(),
            1,
            memory ? "it ran out of memory" : "its loss became infinite or not a number",
            memory ? "out-of-memory" : "loss-not-finite",
            memory ? "give_up" : "amend",
            (memory
                    ? "Nothing in the search space makes it smaller."
                    : "A mended arm is tried instead, with learning_rate: 0.1 -> 0.03.")
                + outside));
  }

  private void begin(Phase phase, String reason) {
    tick();
    add(new CampaignEvent.PhaseStarted(phase, reason));
  }

  private void launch(TrialSpec trial) {
    tick();
    add(
        new CampaignEvent.Intent(
            trial, 1, GpuHours.micros(Duration.ofMinutes(10), 0), now.plus(RUN)));
    add(new CampaignEvent.Launched(trial.trialId(), 1, "pid-" + events.size()));
  }

  private void settle(
      TrialSpec trial,
      RunStatus status,
      Map<String, Double> metrics,
      List<MetricPoint> curve,
      String detail) {
    Instant started = now;
    now = now.plus(RUN).plusSeconds(random.nextInt(30));
    ticks++;
    add(
        new CampaignEvent.Settled(
            trial.trialId(),
            1,
            new RunOutcome(
                status,
                new TreeMap<>(metrics),
                curve,
                started,
                now,
                GpuHours.micros(Duration.between(started, now), 0),
                status == RunStatus.OK ? "result" : "sample-rule",
                detail)));
  }

  private void tick() {
    ticks++;
    now = now.plusSeconds(2);
  }

  private void add(CampaignEvent event) {
    add("tick-" + ticks, event);
  }

  private void add(String writer, CampaignEvent event) {
    LoggedEvent logged =
        new LoggedEvent(campaignId, events.size() + 1, 1, now, writer, event, "", "");
    state = CampaignFold.apply(state, logged.seq(), now, event);
    events.add(logged);
  }

  private CampaignSpec spec() {
    Map<Phase, Integer> trials = new EnumMap<>(Phase.class);
    trials.putAll(
        Map.of(
            Phase.BASELINE, 5,
            Phase.VALIDATION, 8,
            Phase.COMBINATION, 4,
            Phase.EXPLOITATION, 6,
            Phase.CONFIRMATION, 8));
    return new CampaignSpec(
        campaignId,
        new StudyKey("movielens-100k" + outside, "v1" + outside, "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
        Arm.of(
            Map.of(
                "model", "dcn" + outside,
                "learning_rate", "0.001",
                "embedding_dim", "16",
                "dropout", "0")),
        SearchSpace.of(
            List.of(
                Parameter.ofRange("learning_rate", Parameter.Type.FLOAT, 0.0001, 0.1, true),
                Parameter.ofChoices(
                    "embedding_dim", Parameter.Type.INT, List.of("8", "16", "32", "64")),
                Parameter.ofRange("dropout", Parameter.Type.FLOAT, 0, 0.5, false))),
        new CampaignSpec.Training("local", "python train.py", Duration.ofMinutes(10), 0),
        new CampaignSpec.Budget(GpuHours.micros(1.0), 0, 2),
        new CampaignSpec.Guardrails(".", List.of(), List.of()),
        new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.AUTO),
        trials);
  }

  private static Arm arm(CampaignSpec spec, String parameter, String value) {
    return spec.baseline().with(parameter, value);
  }

  private Plan plan(CampaignSpec spec) {
    List<Hypothesis> hypotheses =
        List.of(
            hypothesis(spec, "learning_rate", "0.003", Source.HISTORY, 0.0038, 0.0016),
            hypothesis(spec, "dropout", "0.2", Source.HISTORY, 0.0026, 0.0014),
            hypothesis(spec, "embedding_dim", "32", Source.RESEARCH, 0.0022, 0.0020),
            hypothesis(spec, "learning_rate", "0.1", Source.RESEARCH, 0.0015, 0.0025),
            hypothesis(spec, "dropout", "0.5", Source.HISTORY, 0.0012, 0.0018),
            hypothesis(spec, "batch_norm", "true", Source.RESEARCH, 0.0010, 0.0010),
            hypothesis(spec, "embedding_dim", "8", Source.HISTORY, 0.0003, 0.0009),
            hypothesis(spec, "embedding_dim", "64", Source.RESEARCH, 0.0002, 0.0020));
    Plan.CostEstimate run =
        new Plan.CostEstimate(12_000, 16_000, 24_000, "a preflight run of this machine");
    List<Plan.PhasePlan> phases = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      int runs = spec.trials(phase) * (phase == Phase.CONFIRMATION ? 2 : 1);
      phases.add(new Plan.PhasePlan(phase, runs, List.of(1L), run.times(runs), "Purpose."));
    }
    return new Plan(
        spec.campaignId(),
        phases,
        hypotheses,
        run.times(39),
        spec.budget().gpuHoursMicros(),
        List.of("No run starts whose worst case is not free under the cap."),
        List.of(
            new Plan.NotTried("model: dcn -> lr" + outside, "ranked below the 8 that fit"),
            new Plan.NotTried("dropout: 0 -> 0.9", "such runs failed in 61% of cases")));
  }

  private Hypothesis hypothesis(
      CampaignSpec spec, String parameter, String value, Source source, double gain, double sd) {
    Arm arm = arm(spec, parameter, value);
    List<Change> changes = arm.changesFrom(spec.baseline());
    return new Hypothesis(
        "h-" + arm.configId(),
        source,
        "Setting " + parameter + " to " + value + " raises auc" + outside,
        "It did so in past studies of the same model" + outside,
        arm,
        changes,
        List.of(source == Source.HISTORY ? "effect-" + parameter : "technique-" + parameter),
        new Hypothesis.Forecast(gain, sd, 0.8, 0.05, 16_000),
        gain,
        new TreeMap<>(),
        Optional.empty());
  }

  private List<Insight> insights() {
    return List.of(
        insight("effect-learning_rate", "Raising learning_rate from 0.001 to 0.003 gains", 0.0031),
        insight("effect-dropout", "Raising dropout from 0 to 0.2 gains", 0.0018),
        insight("effect-l2", "Lowering l2 to 0.00001 gains", 0.0011));
  }

  private Insight insight(String id, String statement, double mean) {
    return new Insight(
        id,
        Insight.Kind.EFFECT,
        statement + outside,
        List.of(id.substring(7)),
        new Step.FromTo("0", "1"),
        new TreeMap<>(Map.of("model_variant", "DCN" + outside)),
        List.of("DCN"),
        List.of("ads"),
        "auc",
        Optional.of(
            new Insight.Effect(
                mean,
                mean,
                mean,
                mean - 0.0012,
                mean + 0.0012,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                0.97,
                OptionalDouble.of(0.01),
                84,
                12,
                6,
                0.81)),
        "",
        List.of());
  }
}
