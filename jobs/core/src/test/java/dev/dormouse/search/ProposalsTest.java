package dev.dormouse.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.Decider;
import dev.dormouse.hypothesize.Hypotheses;
import dev.dormouse.hypothesize.PlanningContext;
import dev.dormouse.hypothesize.Ranking;
import dev.dormouse.hypothesize.TrackRecords;
import dev.dormouse.model.Arm;
import dev.dormouse.model.ArmForecasts;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.HypothesisBuilder;
import dev.dormouse.model.IgnoredParameters;
import dev.dormouse.model.Insight;
import dev.dormouse.model.Objective;
import dev.dormouse.model.Parameter;
import dev.dormouse.model.Phase;
import dev.dormouse.model.Plan;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.SearchSpace;
import dev.dormouse.model.Source;
import dev.dormouse.model.Step;
import dev.dormouse.model.StudyKey;
import dev.dormouse.model.Technique;
import dev.dormouse.plan.PlanBuilder;
import dev.dormouse.plan.PlanText;
import dev.dormouse.plan.RankedHypotheses;
import dev.dormouse.research.TechniqueCards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProposalsTest {
  private static final double NOISE = 0.001;

  /** Standard deviation of forecasts that an idea may well prove wrong. */
  private static final double ROUGH = 0.005;

  private static final CostEstimate COST = new CostEstimate(1_000, 2_000, 5_000, "a test");
  private static final Arm BASELINE =
      Arm.of(Map.of("model", "dnn", "learning_rate", "0.001", "embedding_dim", "16"));
  private static final CampaignSpec SPEC =
      new CampaignSpec(
          "test",
          new StudyKey("ml", "v1", "auc", StudyKey.VALIDATION),
          new Objective("auc", Objective.Direction.MAXIMIZE, 0.0005),
          BASELINE,
          SearchSpace.of(
              List.of(
                  Parameter.ofRange("learning_rate", Parameter.Type.FLOAT, 1e-4, 0.1, true),
                  Parameter.ofChoices(
                      "embedding_dim", Parameter.Type.INT, List.of("8", "16", "32")),
                  Parameter.ofChoices(
                      "model", Parameter.Type.CATEGORICAL, List.of("lr", "dnn", "dcnv2")))),
          new CampaignSpec.Training("local", "true", Duration.ofMinutes(1), 0),
          new CampaignSpec.Budget(1_000_000, 0, 2),
          new CampaignSpec.Guardrails(".", List.of(), List.of()),
          new CampaignSpec.Sources(true, true, CampaignSpec.LlmUse.NEVER),
          Map.of(
              Phase.BASELINE,
              2,
              Phase.VALIDATION,
              4,
              Phase.COMBINATION,
              2,
              Phase.EXPLOITATION,
              4,
              Phase.CONFIRMATION,
              2));

  private final Insight effect = effect("learning_rate", "0.001", "0.01", 0.004);
  private final List<Hypothesis> ranked = ranked(List.of(effect));
  private final ArmForecasts forecasts =
      planning(List.of(effect)).outlook().forecasts(ranked.stream().map(Hypothesis::arm).toList());
  private final Plan plan = build(ranked, COST);

  @Test
  void hypothesesLieInsideTheSpaceAndCiteEvidenceThatExists() {
    Set<String> known =
        Stream.concat(
                TechniqueCards.builtIn().stream().map(Technique::techniqueId),
                Stream.of(effect.insightId()))
            .collect(Collectors.toSet());

    assertThat(ranked)
        .allMatch(h -> SPEC.searchSpace().admits(h.arm(), BASELINE))
        .allMatch(h -> known.containsAll(h.evidence()))
        .anyMatch(h -> h.evidence().contains("dcn-v2"))
        .anyMatch(h -> h.arm().equals(BASELINE.with("learning_rate", "0.01")));
    assertThat(ranked).extracting(h -> h.arm().configId()).doesNotHaveDuplicates();
  }

  @Test
  void theFirstHypothesesDifferInTheirModels() {
    assertThat(ranked.subList(0, 2))
        .extracting(h -> h.arm().modelVariant())
        .containsExactlyInAnyOrder("dcnv2", "lr");
  }

  @Test
  void validationBeginsAsPlannedAndGoesOnByResults() {
    List<EvaluatedTrial> baseline = List.of(tried(BASELINE, Phase.BASELINE, 0.7));
    String pending = plan.hypotheses().get(0).arm().configId();

    assertThat(Proposals.propose(Phase.VALIDATION, context(baseline, Set.of(pending)), 2))
        .extracting(Proposal::arm)
        .containsExactly(plan.hypotheses().get(1).arm(), plan.hypotheses().get(2).arm());

    Arm found = plan.hypotheses().get(1).arm();
    List<EvaluatedTrial> tried = List.of(baseline.get(0), tried(found, Phase.VALIDATION, 0.75));
    assertThat(Proposals.propose(Phase.VALIDATION, context(tried, Set.of(pending)), 3))
        .extracting(Proposal::arm)
        .doesNotContain(found)
        .anyMatch(arm -> arm.modelVariant().equals(found.modelVariant()));
  }

  @Test
  void stacksOnlyWinners() {
    Arm faster = BASELINE.with("learning_rate", "0.01");
    Arm wider = BASELINE.with("embedding_dim", "32");
    List<EvaluatedTrial> tried =
        List.of(
            tried(BASELINE, Phase.BASELINE, 0.700),
            tried(faster, Phase.VALIDATION, 0.710),
            tried(wider, Phase.VALIDATION, 0.708),
            tried(BASELINE.with("model", "dcnv2"), Phase.VALIDATION, 0.690),
            tried(BASELINE.with("learning_rate", "0.02"), Phase.VALIDATION, 0.700));

    assertThat(Proposals.propose(Phase.COMBINATION, context(tried, Set.of()), 9))
        .filteredOn(proposal -> proposal.source() == Source.COMBINATION)
        .extracting(Proposal::arm)
        .containsExactly(faster.with("embedding_dim", "32"));
  }

  @Test
  void aStackAcrossSourcesNeedsLessToComeFirst() {
    assertThat(leastGainOfAStack(Source.RESEARCH)).isLessThan(leastGainOfAStack(Source.HISTORY));
  }

  /** How much the second of two learning rates has to gain to be stacked first, in 0.0002. */
  private int leastGainOfAStack(Source source) {
    Arm wider = BASELINE.with("embedding_dim", "32");
    Arm faster = BASELINE.with("learning_rate", "0.01");
    Arm other = BASELINE.with("learning_rate", "0.0003");
    Plan ofSources = ofSources(plan, List.of(wider, faster, other), other, source);
    for (int step = 0; step < 200; step++) {
      List<EvaluatedTrial> tried =
          List.of(
              tried(BASELINE, Phase.BASELINE, 0.700),
              tried(wider, Phase.VALIDATION, 0.710),
              tried(faster, Phase.VALIDATION, 0.710),
              tried(other, Phase.VALIDATION, 0.700 + 0.0002 * step));
      ProposalContext context =
          new ProposalContext(
              Decider.RULES, SPEC, ofSources, Optional.of(forecasts), NOISE, tried, Set.of());
      if (Proposals.propose(Phase.COMBINATION, context, 1)
          .get(0)
          .arm()
          .equals(other.with("embedding_dim", "32"))) {
        return step;
      }
    }
    throw new AssertionError("The other learning rate was never stacked first");
  }

  /** A plan of hypotheses of history, but for one. */
  private static Plan ofSources(Plan like, List<Arm> arms, Arm other, Source source) {
    Hypothesis any = like.hypotheses().get(0);
    return new Plan(
        like.campaignId(),
        like.phases(),
        arms.stream()
            .map(
                arm ->
                    HypothesisBuilder.builder(any)
                        .arm(arm)
                        .source(arm.equals(other) ? source : Source.HISTORY)
                        .build())
            .toList(),
        like.cost(),
        like.capMicros(),
        like.stopRules(),
        like.notTried());
  }

  @Test
  void aStackWithWhatItsModelIgnoresIsNoStack() {
    List<EvaluatedTrial> tried =
        List.of(
            tried(BASELINE, Phase.BASELINE, 0.700),
            tried(BASELINE.with("learning_rate", "0.01"), Phase.VALIDATION, 0.710),
            tried(BASELINE.with("embedding_dim", "32"), Phase.VALIDATION, 0.708));
    ArmForecasts ignoring =
        new ArmForecasts(
            forecasts.agreement(),
            forecasts.spread(),
            forecasts.arms(),
            forecasts.known(),
            new IgnoredParameters(
                new TreeMap<>(
                    Map.of(BASELINE.modelVariant(), new TreeSet<>(List.of("embedding_dim"))))));
    ProposalContext context =
        new ProposalContext(
            Decider.RULES, SPEC, plan, Optional.of(ignoring), NOISE, tried, Set.of());

    assertThat(Proposals.propose(Phase.COMBINATION, context(tried, Set.of()), 9))
        .anyMatch(proposal -> proposal.source() == Source.COMBINATION);
    assertThat(Proposals.propose(Phase.COMBINATION, context, 9))
        .noneMatch(proposal -> proposal.source() == Source.COMBINATION);
  }

  @Test
  void exploitationStaysInsideNeverRepeatsAndIsDeterministic() {
    List<EvaluatedTrial> tried = new ArrayList<>();
    tried.add(tried(BASELINE, Phase.BASELINE, 0.70));
    tried.add(
        new EvaluatedTrial(
            BASELINE.with("learning_rate", "0.1"), Phase.VALIDATION, OptionalDouble.empty()));
    for (int step = 0; step < 15; step++) {
      ProposalContext context = context(tried, Set.of());
      List<Proposal> batch = Proposals.propose(Phase.EXPLOITATION, context, 2);
      assertThat(batch).hasSize(2).isEqualTo(Proposals.propose(Phase.EXPLOITATION, context, 2));
      assertThat(batch).allMatch(p -> SPEC.searchSpace().admits(p.arm(), BASELINE));
      batch.forEach(p -> tried.add(tried(p.arm(), Phase.EXPLOITATION, value(p.arm()))));
    }
    assertThat(tried).extracting(t -> t.arm().configId()).doesNotHaveDuplicates();
    assertThat(tried.stream().mapToDouble(t -> t.value().orElse(0)).max().orElse(0))
        .isGreaterThan(0.715);
  }

  /** Five arms of each of three models, model by model. */
  private static List<Arm> list() {
    List<Arm> arms = new ArrayList<>();
    for (String model : List.of("dnn", "lr", "din")) {
      for (String rate : List.of("0.0001", "0.0003", "0.001", "0.003", "0.01")) {
        arms.add(Arm.of(Map.of("model", model, "learning_rate", rate)));
      }
    }
    return arms;
  }

  /** The first arm of each model has a result, and the last model's is the best. */
  private static List<EvaluatedTrial> firstOfEachModel(List<Arm> list) {
    return List.of(
        tried(list.get(0), Phase.VALIDATION, 0.700),
        tried(list.get(5), Phase.VALIDATION, 0.701),
        tried(list.get(10), Phase.VALIDATION, 0.720));
  }

  @Test
  void inAListALanguageModelsIdeaGetsItsPlaceUnlessResultsSpeakAgainstIt() {
    List<Arm> arms = list();
    List<EvaluatedTrial> tried = firstOfEachModel(arms);
    Arm plausible = arms.get(12);
    Arm refuted = arms.get(6);
    List<EvaluatedTrial> disappointed = new ArrayList<>(tried);
    disappointed.add(tried(refuted, Phase.VALIDATION, 0.690));

    assertThat(next(advised(arms, List.of(plausible)), tried)).isEqualTo(plausible);
    assertThat(next(advised(arms, List.of(plausible)), tried.subList(0, 2)))
        .as("not yet its turn")
        .isNotEqualTo(plausible);
    assertThat(next(advised(arms, List.of(refuted)), tried)).isNotEqualTo(refuted);
    assertThat(next(advised(arms, List.of(refuted, plausible)), disappointed))
        .as("another idea of the model has disappointed")
        .isEqualTo(next(plan(inList(arms), arms, ROUGH), disappointed));
  }

  @Test
  void inAListWhatHistoryDoesNotCoverGetsItsPlaceUnlessResultsSpeakAgainstIt() {
    List<Arm> arms = list();
    List<EvaluatedTrial> tried = firstOfEachModel(arms);
    Arm uncovered = arms.get(12);
    UnaryOperator<Hypothesis> reserve = h -> h.withTerm(Hypothesis.RESERVED, 1);
    List<EvaluatedTrial> disappointed = new ArrayList<>(tried);
    disappointed.add(tried(arms.get(6), Phase.VALIDATION, 0.690));

    assertThat(next(withPlaces(arms, List.of(uncovered), reserve), tried)).isEqualTo(uncovered);
    assertThat(next(withPlaces(arms, List.of(arms.get(6), uncovered), reserve), disappointed))
        .as("another arm of this kind has disappointed")
        .isEqualTo(next(plan(inList(arms), arms, ROUGH), disappointed));
  }

  private static Arm next(Plan plan, List<EvaluatedTrial> tried) {
    CampaignSpec spec = inList(list());
    return Proposals.propose(
            Phase.VALIDATION,
            new ProposalContext(
                Decider.RULES, spec, plan, Optional.empty(), NOISE, tried, Set.of()),
            1)
        .get(0)
        .arm();
  }

  /** A plan whose places from the fourth on are kept for a language model's ideas. */
  private static Plan advised(List<Arm> arms, List<Arm> ideas) {
    return withPlaces(arms, ideas, h -> HypothesisBuilder.builder(h).source(Source.LLM).build());
  }

  /** A plan whose places from the fourth on are those of some arms. */
  private static Plan withPlaces(
      List<Arm> arms, List<Arm> ideas, UnaryOperator<Hypothesis> marked) {
    Plan plan = plan(inList(arms), arms, ROUGH);
    List<Hypothesis> order = new ArrayList<>(plan.hypotheses());
    order.removeIf(h -> ideas.contains(h.arm()));
    order.addAll(
        3, plan.hypotheses().stream().filter(h -> ideas.contains(h.arm())).map(marked).toList());
    return new Plan(
        plan.campaignId(),
        plan.phases(),
        order,
        plan.cost(),
        plan.capMicros(),
        List.of(),
        List.of());
  }

  @Test
  void inAListOneGoodResultMovesTheSearchToItsModel() {
    List<Arm> arms = list();
    // History puts them in this order; the campaign finds the last model to be the best.
    CampaignSpec spec = inList(arms);
    Plan inOrder = plan(spec, arms);
    List<EvaluatedTrial> tried = firstOfEachModel(arms);
    ProposalContext before =
        new ProposalContext(
            Decider.RULES, spec, inOrder, Optional.empty(), NOISE, List.of(), Set.of());
    ProposalContext after =
        new ProposalContext(Decider.RULES, spec, inOrder, Optional.empty(), NOISE, tried, Set.of());

    assertThat(Proposals.propose(Phase.VALIDATION, before, 2))
        .extracting(Proposal::arm)
        .containsExactly(arms.get(0), arms.get(1));
    for (Phase phase : List.of(Phase.VALIDATION, Phase.COMBINATION, Phase.EXPLOITATION)) {
      assertThat(Proposals.propose(phase, after, 2))
          .extracting(proposal -> proposal.arm().modelVariant())
          .containsOnly("din");
    }
    assertThat(Proposals.propose(Phase.VALIDATION, after, 1))
        .extracting(Proposal::source)
        .containsExactly(Source.HISTORY);
  }

  private static CampaignSpec inList(List<Arm> arms) {
    return new CampaignSpec(
        "list",
        SPEC.study(),
        SPEC.objective(),
        arms.get(0),
        SearchSpace.ofArms(arms),
        SPEC.training(),
        SPEC.budget(),
        SPEC.guardrails(),
        SPEC.sources(),
        SPEC.trials());
  }

  private static Plan plan(CampaignSpec spec, List<Arm> arms) {
    return plan(spec, arms, 0.001);
  }

  /** Forecasts whose size is certain up to a standard deviation. */
  private static Plan plan(CampaignSpec spec, List<Arm> arms, double gainSd) {
    List<Hypothesis> hypotheses = new ArrayList<>();
    for (Arm arm : arms) {
      double gain = -0.001 * hypotheses.size();
      hypotheses.add(
          new Hypothesis(
              "h-" + arm.configId(),
              Source.HISTORY,
              "a test",
              "a test",
              arm,
              List.of(),
              List.of(),
              new Hypothesis.Forecast(gain, gainSd, 0.5, 0, 0),
              gain,
              new TreeMap<>(),
              Optional.empty()));
    }
    return new Plan(spec.campaignId(), List.of(), hypotheses, COST, 1, List.of(), List.of());
  }

  @Test
  void planIsIdentifiedByItsContentAndFitsTheCap() {
    Plan dearer = build(ranked, COST.times(3));
    Plan tight = build(ranked, COST.times(50));

    assertThat(plan.hash()).isEqualTo(build(ranked, COST).hash()).isNotEqualTo(dearer.hash());
    assertThat(tight.cost().expectedMicros()).isLessThanOrEqualTo(tight.capMicros());
    assertThat(tight.notTried()).anyMatch(left -> left.what().endsWith("of phase exploitation"));
    assertThat(PlanText.markdown(tight)).contains(tight.hash(), "Not tried", "exploitation");
  }

  @Test
  void doesNotPlanWhatIsKnownToFail() {
    Insight failure =
        new Insight(
            "fail",
            Insight.Kind.FAILURE,
            "dcnv2 fails",
            List.of("model"),
            new Step.Value("dcnv2"),
            new TreeMap<>(),
            List.of(),
            List.of(),
            "collapse_rate",
            Optional.of(numbers(0.9, 0.8, 1.0)),
            "",
            List.of());
    List<Hypothesis> warned = ranked(List.of(effect, failure));

    assertThat(build(warned, COST).notTried())
        .anyMatch(left -> left.what().contains("dcnv2") && left.why().contains("90%"));
  }

  private static Plan build(List<Hypothesis> ranked, CostEstimate runCost) {
    return PlanBuilder.build(
        SPEC,
        new RankedHypotheses(ranked, List.of()),
        runCost,
        new Plan.Basis("f1-0", NOISE, List.of()));
  }

  private static List<Hypothesis> ranked(List<Insight> insights) {
    PlanningContext context = planning(insights);
    Outlook outlook = context.outlook();
    return Ranking.rank(Hypotheses.generate(context, outlook), TrackRecords.none(), outlook);
  }

  /** Best at learning rate 0.01, width 32. */
  private static double value(Arm arm) {
    double rate = Double.parseDouble(arm.value("learning_rate").orElseThrow());
    double width = Double.parseDouble(arm.value("embedding_dim").orElseThrow());
    return 0.72 - 0.01 * Math.abs(Math.log10(rate / 0.01)) - 0.005 * Math.abs(Math.log(width / 32));
  }

  private ProposalContext context(List<EvaluatedTrial> tried, Set<String> pending) {
    return new ProposalContext(
        Decider.RULES, SPEC, plan, Optional.of(forecasts), NOISE, tried, pending);
  }

  private static EvaluatedTrial tried(Arm arm, Phase phase, double value) {
    return new EvaluatedTrial(arm, phase, OptionalDouble.of(value));
  }

  private static PlanningContext planning(List<Insight> insights) {
    return new PlanningContext(
        SPEC, insights, TechniqueCards.builtIn(), List.of(), List.of(), List.of(), NOISE, COST);
  }

  private static Insight effect(String parameter, String from, String to, double mean) {
    return new Insight(
        "effect-" + parameter,
        Insight.Kind.EFFECT,
        "it gains",
        List.of(parameter),
        Step.of(Insight.Kind.EFFECT, from, to),
        new TreeMap<>(),
        List.of(),
        List.of(),
        "auc",
        Optional.of(numbers(mean, mean / 2, mean * 1.5)),
        "",
        List.of("run-1"));
  }

  private static Insight.Effect numbers(double mean, double low, double high) {
    return new Insight.Effect(
        mean,
        mean,
        mean,
        low,
        high,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0.9,
        OptionalDouble.empty(),
        9,
        3,
        3,
        0.9);
  }
}
