package dev.dormouse.eval.bench;

import dev.dormouse.campaign.Decider;
import dev.dormouse.forecast.HistoryPrior;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import dev.dormouse.search.EvaluatedTrial;
import dev.dormouse.search.ProposalContext;
import dev.dormouse.search.Proposals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Measures how long it takes to learn from past runs and to propose the next batch, given many
 * results of the campaign itself. The runs are artificial: only their number matters.
 */
public final class ProposalBench {
  private static final int RUNS_OF_A_STUDY = 500;
  private static final int CANDIDATES = 600;
  private static final int BATCH = 8;
  private static final double NOISE = 0.1;
  private static final List<List<String>> VALUES =
      List.of(
          List.of("fm", "dnn", "deepfm", "dcn", "dcnv2", "autoint", "din", "dien", "bst", "ppnet"),
          List.of("0.0001", "0.0003", "0.0005", "0.001", "0.003", "0.01"),
          List.of("8", "16", "32", "64", "128"),
          List.of("0", "0.1", "0.2", "0.3", "0.4", "0.5"),
          List.of("0", "0.00001", "0.0001", "0.001", "0.01"),
          List.of("512", "1024", "2048", "4096", "8192"),
          List.of("[64]", "[128,64]", "[256,128,64]", "[512,256,128]", "[1024,512,256]"),
          List.of("relu", "dice", "prelu"),
          List.of("true", "false"));
  private static final List<String> NAMES =
      List.of(
          Arm.MODEL,
          "learning_rate",
          "embedding_dim",
          "dropout",
          "regularizer",
          "batch_size",
          "hidden_units",
          "activation",
          "batch_norm");

  private ProposalBench() {}

  /**
   * The result.
   *
   * @param pastRuns number of past runs
   * @param ownResults number of results of the campaign
   * @param learnSeconds time from past runs to forecasts of all candidates
   * @param proposeSeconds time from forecasts and own results to the next batch
   */
  public record Result(int pastRuns, int ownResults, double learnSeconds, double proposeSeconds) {}

  /** Measures once, after a small warm-up. */
  public static Result run(int pastRuns, int ownResults, long seed) {
    measure(RUNS_OF_A_STUDY, ownResults, seed);
    return measure(pastRuns, ownResults, seed);
  }

  private static Result measure(int pastRuns, int ownResults, long seed) {
    Random random = new Random(seed);
    List<PastResult> past = new ArrayList<>();
    for (int i = 0; i < pastRuns; i++) {
      Arm arm = arm(random);
      past.add(new PastResult("study " + i / RUNS_OF_A_STUDY, arm, value(arm, random)));
    }
    List<Arm> candidates = random.ints(CANDIDATES).mapToObj(i -> arm(random)).distinct().toList();
    long start = System.nanoTime();
    HistoryPrior prior = HistoryPrior.learn(past, candidates);
    double learn = (System.nanoTime() - start) / 1e9;
    List<EvaluatedTrial> tried =
        candidates.stream()
            .limit(ownResults)
            .map(arm -> new EvaluatedTrial(arm, Phase.VALIDATION, value(arm, random)))
            .toList();
    CampaignSpec spec = spec(candidates);
    ProposalContext context =
        new ProposalContext(
            Decider.RULES,
            spec,
            plan(spec, candidates, prior),
            Optional.empty(),
            NOISE,
            tried,
            Set.of());
    start = System.nanoTime();
    int proposed = Proposals.propose(Phase.EXPLOITATION, context, BATCH).size();
    double propose = (System.nanoTime() - start) / 1e9;
    if (proposed != BATCH) {
      throw new IllegalStateException("Only " + proposed + " arms were proposed");
    }
    return new Result(pastRuns, ownResults, learn, propose);
  }

  private static Arm arm(Random random) {
    Map<String, String> params = new TreeMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      List<String> values = VALUES.get(i);
      params.put(NAMES.get(i), values.get(random.nextInt(values.size())));
    }
    return Arm.of(params);
  }

  private static OptionalDouble value(Arm arm, Random random) {
    double value = NOISE * random.nextGaussian();
    for (int i = 0; i < NAMES.size(); i++) {
      List<String> values = VALUES.get(i);
      value += Math.sin(values.indexOf(arm.value(NAMES.get(i)).orElseThrow()) + i);
    }
    return OptionalDouble.of(value);
  }

  private static Plan plan(CampaignSpec spec, List<Arm> candidates, HistoryPrior prior) {
    List<Hypothesis> hypotheses =
        candidates.stream()
            .map(
                arm ->
                    new Hypothesis(
                        "h-" + arm.configId(),
                        Source.HISTORY,
                        "bench",
                        "bench",
                        arm,
                        List.of(),
                        List.of(),
                        new Hypothesis.Forecast(prior.gain(arm), prior.gainSd(), 0.5, 0, 0),
                        prior.gain(arm),
                        new TreeMap<>(),
                        Optional.empty()))
            .toList();
    return new Plan(
        spec.campaignId(),
        List.of(),
        hypotheses,
        new CostEstimate(0, 0, 0, "bench"),
        1,
        List.of(),
        List.of());
  }

  private static CampaignSpec spec(List<Arm> candidates) {
    return new CampaignSpec(
        "bench",
        new StudyKey("clicks", "v1", "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, NOISE),
        candidates.get(0),
        SearchSpace.ofArms(candidates),
        new CampaignSpec.Training("local", "true", Duration.ofHours(1), 0),
        new CampaignSpec.Budget(1, 0, 1),
        new CampaignSpec.Guardrails(".", List.of(), List.of()),
        new CampaignSpec.Sources(true, false, CampaignSpec.LlmUse.NEVER),
        Map.of(Phase.EXPLOITATION, BATCH));
  }
}
