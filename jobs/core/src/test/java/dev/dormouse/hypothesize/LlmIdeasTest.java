package dev.dormouse.hypothesize;

import static dev.dormouse.hypothesize.IdeaFixture.BASELINE;
import static dev.dormouse.hypothesize.IdeaFixture.context;
import static dev.dormouse.hypothesize.IdeaFixture.idea;
import static dev.dormouse.hypothesize.IdeaFixture.model;
import static dev.dormouse.hypothesize.IdeaFixture.reply;
import static dev.dormouse.hypothesize.IdeaFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dormouse.hypothesize.IdeaRefusal.Kind;
import dev.dormouse.hypothesize.LlmIdeas.KnownArms;
import dev.dormouse.hypothesize.LlmIdeas.Proposed;
import dev.dormouse.hypothesize.MinedEffects.Expected;
import dev.dormouse.llm.LlmRequest;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.research.Embedder;
import dev.dormouse.stats.Recalibration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LlmIdeasTest {
  private static final String IDEAS =
      reply(idea("embedding_dim", "32"), idea("learning_rate", "0.01"), idea("model", "dcn"));

  @Test
  void positionsAreSwappedSoThatWhoAlwaysPrefersTheFirstSaysNothing() {
    List<Hypothesis> hypotheses =
        propose(answering("{\"likelier\":\"first\"}"), KnownArms.NONE).hypotheses();

    assertThat(hypotheses).hasSize(3);
    assertThat(hypotheses)
        .allSatisfy(h -> assertThat(h.terms().get(LlmIdeas.PAIRWISE)).isCloseTo(0.5, within(1e-9)));
  }

  @Test
  void comparisonsOrderIdeasButBoastsDoNot() {
    Function<LlmRequest, String> prefersDcn =
        request -> {
          if (request.purpose().equals("propose")) {
            return reply(
                with(with(idea("embedding_dim", "32"), "gain_p50", 900), "gain_p90", 1000),
                idea("learning_rate", "0.01"),
                idea("model", "dcn"));
          }
          String prompt = request.prompt();
          boolean dcnFirst = prompt.indexOf("dcn") < prompt.indexOf(" second>>");
          return prompt.contains("dcn") && !dcnFirst
              ? "{\"likelier\":\"second\"}"
              : "{\"likelier\":\"first\"}";
        };
    List<Hypothesis> hypotheses = propose(prefersDcn, KnownArms.NONE).hypotheses();

    assertThat(hypotheses.get(2).terms().get(LlmIdeas.PAIRWISE))
        .isGreaterThan(hypotheses.get(0).terms().get(LlmIdeas.PAIRWISE))
        .isGreaterThan(0.5);
    assertThat(hypotheses.get(0).forecast().gain()).isLessThan(3 * IdeaFixture.NOISE);
    assertThat(hypotheses.get(0).terms()).containsEntry("claimed_gain_p50", 900.0);
  }

  @Test
  void armsThatAreKnownOrFailAreLeftOut() {
    KnownArms known =
        new KnownArms(
            Map.of(BASELINE.with("embedding_dim", "32"), "run-7"),
            Set.of(BASELINE.with("model", "dcn")),
            arm -> arm.value("learning_rate").orElse("").equals("0.01") ? 0.9 : 0,
            arm -> Optional.empty());

    Proposed proposed = propose(answering("{}"), known);

    assertThat(proposed.hypotheses()).isEmpty();
    assertThat(proposed.refusals())
        .extracting(IdeaRefusal::kind)
        .containsExactly(Kind.ALREADY_TRIED, Kind.DUPLICATE, Kind.INFEASIBLE);
  }

  @Test
  void theSameSettingInAnotherSpellingOrTheSameIdeaInOtherWordsIsADuplicate() {
    Embedder alike = texts -> texts.stream().map(text -> List.of(1f, 0f)).toList();
    Function<LlmRequest, String> answer =
        request ->
            request.purpose().equals("propose")
                ? reply(
                    idea("learning_rate", "0.01"),
                    idea("learning_rate", "1e-2"),
                    idea("learning_rate", "0.02"))
                : "{}";
    Proposed proposed =
        LlmIdeas.propose(context(), KnownArms.NONE, model(answer), Optional.of(alike), unknown());

    assertThat(proposed.hypotheses()).hasSize(1);
    assertThat(proposed.refusals())
        .extracting(IdeaRefusal::kind)
        .containsExactly(Kind.DUPLICATE, Kind.NEAR_DUPLICATE);
  }

  @Test
  void theCritiqueTakesAwayAndNothingElse() {
    Proposed proposed =
        propose(
            answering(
                "{\"verdicts\":[{\"number\":1,\"feasible\":false,\"reason\":\"no\"},{\"number\":99,\"feasible\":false}]}"),
            KnownArms.NONE);

    assertThat(proposed.hypotheses()).hasSize(2);
    assertThat(proposed.refusals()).extracting(IdeaRefusal::kind).containsExactly(Kind.INFEASIBLE);
  }

  @Test
  void aClaimThatPastRunsContradictIsNotBelieved() {
    Expected loss = new Expected(-0.004, IdeaFixture.NOISE, List.of("effect-1"));
    KnownArms known =
        new KnownArms(
            Map.of(),
            Set.of(),
            arm -> 0,
            arm ->
                arm.value("embedding_dim").orElse("").equals("32")
                    ? Optional.of(loss)
                    : Optional.empty());

    List<Hypothesis> hypotheses = propose(answering("{}"), known).hypotheses();

    assertThat(hypotheses.get(0).forecast().gain()).isNegative();
    assertThat(hypotheses.get(0).evidence()).contains("effect-1");
    assertThat(hypotheses.get(0).forecast().gainSd())
        .as("what was measured is surer than what is claimed")
        .isLessThan(hypotheses.get(1).forecast().gainSd());
    assertThat(hypotheses.get(1).forecast().gain()).isPositive();
  }

  @Test
  void aModelThatDoesNotAnswerIsNoFailure() {
    Proposed proposed = propose(request -> "", KnownArms.NONE);

    assertThat(proposed.hypotheses()).isEmpty();
    assertThat(proposed.refusals()).extracting(IdeaRefusal::kind).containsExactly(Kind.NO_REPLY);
  }

  private static Function<LlmRequest, String> answering(String judgement) {
    return request -> request.purpose().equals("propose") ? IDEAS : judgement;
  }

  private static Proposed propose(Function<LlmRequest, String> answer, KnownArms known) {
    return LlmIdeas.propose(context(), known, model(answer), Optional.empty(), unknown());
  }

  private static Recalibration unknown() {
    return Recalibration.learn(List.of(), IdeaFixture.NOISE);
  }
}
