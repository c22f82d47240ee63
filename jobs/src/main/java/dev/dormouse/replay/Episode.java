package dev.dormouse.replay;

import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.RunStatus;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.StudyKey;
import dev.dormouse.plan.Proposal;
import dev.dormouse.plan.ProposalContext;
import dev.dormouse.plan.Proposals;
import dev.dormouse.plan.Tried;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One campaign against a pool of known results: which arms the planner asks for, in order. */
final class Episode {
  private static final double VALIDATION_SHARE = 0.3;
  private static final double COMBINATION_SHARE = 0.1;

  /** An evaluation as it was asked for. */
  record Choice(Phase phase, Proposal proposal, KnownResult result) {}

  private final Map<Arm, KnownResult> pool = new LinkedHashMap<>();
  private final HistoryPrior prior;
  private final CampaignSpec spec;
  private final Plan plan;

  /**
   * @param pool the arms, in the order that breaks ties
   */
  Episode(List<KnownResult> pool, HistoryPrior prior, boolean history, int budget) {
    pool.forEach(result -> this.pool.putIfAbsent(result.arm(), result));
    this.prior = prior;
    List<Hypothesis> hypotheses = hypotheses(history ? Source.HISTORY : Source.SURROGATE);
    this.spec = spec(hypotheses.get(0).arm(), budget);
    this.plan =
        new Plan(
            spec.campaignId(),
            List.of(),
            hypotheses,
            new CostEstimate(0, 0, 0, "a table of known results"),
            0,
            List.of(),
            List.of());
  }

  /** Plays the phases until the budget or the pool is used up. */
  List<Choice> play() {
    List<Choice> choices = new ArrayList<>();
    List<Tried> tried = new ArrayList<>();
    for (Phase phase : List.of(Phase.VALIDATION, Phase.COMBINATION, Phase.EXPLOITATION)) {
      for (int i = 0; i < spec.trials(phase); i++) {
        ProposalContext context = new ProposalContext(spec, plan, prior.noiseSd(), tried, Set.of());
        for (Proposal proposal : Proposals.propose(phase, context, 1)) {
          KnownResult result = pool.get(proposal.arm());
          choices.add(new Choice(phase, proposal, result));
          tried.add(tried(phase, result));
        }
      }
    }
    return choices;
  }

  private static Tried tried(Phase phase, KnownResult result) {
    RunStatus status = result.value().isPresent() ? RunStatus.OK : RunStatus.FAILED;
    return new Tried(result.arm(), phase, 1, status, result.value());
  }

  /** Every arm, hedged: the best-predicted of each model variant before the second of any. */
  private List<Hypothesis> hypotheses(Source source) {
    List<Arm> best = new ArrayList<>(pool.keySet());
    best.sort(Comparator.comparingDouble(arm -> -prior.gain(arm)));
    Map<String, Integer> seen = new HashMap<>();
    Map<Arm, Integer> turn = new HashMap<>();
    best.forEach(arm -> turn.put(arm, seen.merge(arm.modelVariant(), 1, Integer::sum)));
    best.sort(Comparator.comparing(turn::get));
    return best.stream().map(arm -> hypothesis(source, arm)).toList();
  }

  private Hypothesis hypothesis(Source source, Arm arm) {
    double gain = prior.gain(arm);
    return new Hypothesis(
        "h-" + arm.configId(),
        source,
        "Ranks high in past studies",
        "Model variant and parameter values that ranked high within past studies",
        arm,
        List.of(),
        List.of(),
        new Hypothesis.Forecast(gain, prior.spread(), 0.5, 0, 0),
        gain,
        new TreeMap<>(),
        Optional.empty());
  }

  private CampaignSpec spec(Arm baseline, int budget) {
    int validation = (int) Math.ceil(VALIDATION_SHARE * budget);
    int combination = (int) Math.floor(COMBINATION_SHARE * budget);
    return new CampaignSpec(
        "replay",
        new StudyKey("replay", "replay", "val_auc", StudyKey.VALIDATION),
        new Objective("val_auc", Objective.Direction.MAXIMIZE, 0),
        baseline,
        SearchSpace.ofArms(List.copyOf(pool.keySet())),
        new CampaignSpec.Training("replay", "", Duration.ofHours(1), 0),
        new CampaignSpec.Budget(Long.MAX_VALUE, 0, 1),
        new CampaignSpec.Guardrails("", List.of(), List.of()),
        new CampaignSpec.Sources(true, false, "false"),
        Map.of(
            Phase.BASELINE,
            0,
            Phase.VALIDATION,
            validation,
            Phase.COMBINATION,
            combination,
            Phase.EXPLOITATION,
            budget - validation - combination,
            Phase.CONFIRMATION,
            0));
  }
}
