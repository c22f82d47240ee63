package dev.dormouse.eval.bench;

import dev.dormouse.campaign.Decider;
import dev.dormouse.forecast.PastResult;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.StudyKey;
import dev.dormouse.plan.PlanDraft;
import dev.dormouse.plan.Planner;
import dev.dormouse.plan.PlanningInputs;
import dev.dormouse.research.TechniqueCards;
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
import java.util.stream.IntStream;

/**
 * Measures how long it takes to plan from past runs, once they are read, and to propose the next
 * batch, given many results of the campaign itself. The runs are artificial: only their number
 * matters.
 */
public final class ProposalBench {
  private static final int RUNS_OF_A_STUDY = 500;
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

  private static final List<Parameter.Type> TYPES =
      List.of(
          Parameter.Type.CATEGORICAL,
          Parameter.Type.FLOAT,
          Parameter.Type.INT,
          Parameter.Type.FLOAT,
          Parameter.Type.FLOAT,
          Parameter.Type.INT,
          Parameter.Type.CATEGORICAL,
          Parameter.Type.CATEGORICAL,
          Parameter.Type.BOOL);

  private ProposalBench() {}

  /**
   * The result.
   *
   * @param pastRuns number of past runs
   * @param ownResults number of results of the campaign
   * @param planSeconds time from past runs to a plan with the forecasts that travel with it
   * @param proposeSeconds time from the plan and own results to the next batch
   */
  public record Result(int pastRuns, int ownResults, double planSeconds, double proposeSeconds) {}

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
    CampaignSpec spec = spec();
    PlanningInputs inputs =
        new PlanningInputs(
            new PlanningContext(
                spec,
                List.of(),
                TechniqueCards.builtIn(),
                List.of(),
                List.of(),
                past,
                NOISE,
                new CostEstimate(1, 1, 1, "bench")),
            List.of(),
            List.of());
    long start = System.nanoTime();
    PlanDraft draft = Planner.build(inputs, inputs.context().outlook(), Optional.empty());
    double plan = (System.nanoTime() - start) / 1e9;
    List<EvaluatedTrial> tried =
        IntStream.range(0, ownResults)
            .mapToObj(i -> arm(random))
            .distinct()
            .map(arm -> new EvaluatedTrial(arm, Phase.VALIDATION, value(arm, random)))
            .toList();
    ProposalContext context =
        new ProposalContext(
            Decider.RULES,
            spec,
            draft.plan(),
            Optional.of(draft.forecasts()),
            NOISE,
            tried,
            Set.of());
    start = System.nanoTime();
    int proposed = Proposals.propose(Phase.EXPLOITATION, context, BATCH).size();
    double propose = (System.nanoTime() - start) / 1e9;
    if (proposed != BATCH) {
      throw new IllegalStateException("Only " + proposed + " arms were proposed");
    }
    return new Result(pastRuns, ownResults, plan, propose);
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

  private static CampaignSpec spec() {
    return new CampaignSpec(
        "bench",
        new StudyKey("clicks", "v1", "auc", StudyKey.VALIDATION),
        new Objective("auc", Objective.Direction.MAXIMIZE, NOISE),
        arm(new Random(0)),
        SearchSpace.of(
            IntStream.range(0, NAMES.size())
                .mapToObj(i -> Parameter.ofChoices(NAMES.get(i), TYPES.get(i), VALUES.get(i)))
                .toList()),
        new CampaignSpec.Training("local", "true", Duration.ofHours(1), 0),
        new CampaignSpec.Budget(1_000_000_000, 0, 1),
        new CampaignSpec.Guardrails(".", List.of(), List.of()),
        new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.NEVER),
        Map.of(Phase.BASELINE, 1, Phase.VALIDATION, BATCH, Phase.EXPLOITATION, BATCH));
  }
}
