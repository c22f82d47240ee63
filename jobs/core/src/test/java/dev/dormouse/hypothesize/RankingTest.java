package dev.dormouse.hypothesize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dormouse.campaign.ExampleCampaign;
import dev.dormouse.model.Arm;
import dev.dormouse.model.CampaignSpec;
import dev.dormouse.model.Hypothesis;
import dev.dormouse.model.Plan.CostEstimate;
import dev.dormouse.model.Source;
import dev.dormouse.search.Outlook;
import dev.dormouse.stats.ForecastOutcome;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RankingTest {
  private static final CampaignSpec SPEC = ExampleCampaign.spec();
  private static final Arm BASELINE = SPEC.baseline();
  private static final Outlook OUTLOOK =
      new PlanningContext(
              SPEC,
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              List.of(),
              0.001,
              new CostEstimate(1_000, 2_000, 5_000, "a test"))
          .outlook();

  private static final Arm WIDER = BASELINE.with("embedding_dim", "64");
  private static final Arm FASTER = BASELINE.with("learning_rate", "0.1");

  @Test
  void aSourceThatDeliveredComesFirstWithoutAnyLanguageModel() {
    List<Hypothesis> hypotheses =
        List.of(
            hypothesis(Source.HISTORY, WIDER, 0.002), hypothesis(Source.RESEARCH, FASTER, 0.002));

    assertThat(rank(hypotheses, records(Source.HISTORY, true), records(Source.RESEARCH, false)))
        .extracting(Hypothesis::source)
        .containsExactly(Source.HISTORY, Source.RESEARCH);
    assertThat(rank(hypotheses, records(Source.HISTORY, false), records(Source.RESEARCH, true)))
        .extracting(Hypothesis::source)
        .containsExactly(Source.RESEARCH, Source.HISTORY);
  }

  @Test
  void theTermsOfAScoreShowTheTrackRecord() {
    assertThat(rank(List.of(hypothesis(Source.HISTORY, WIDER, 0.002))))
        .singleElement()
        .satisfies(h -> assertThat(h.terms()).containsEntry("track_record", 0.5))
        .satisfies(h -> assertThat(h.score()).isPositive());
  }

  @Test
  void theFirstHypothesesDiffer() {
    List<Hypothesis> ranked =
        rank(
            List.of(
                hypothesis(Source.HISTORY, WIDER, 0.002),
                hypothesis(Source.HISTORY, WIDER.with("batch_size", "1024"), 0.002),
                hypothesis(Source.HISTORY, FASTER.with("embedding_dim", "8"), 0.002)));

    assertThat(ranked.subList(0, 2))
        .extracting(h -> h.arm().value("embedding_dim").orElseThrow())
        .containsExactlyInAnyOrder("64", "8");
  }

  @Test
  void anIdeaOfALanguageModelComesBeforeTheFirstHypothesisWithALowerScore() {
    Hypothesis better = hypothesis(Source.LLM, WIDER.with("batch_size", "4096"), 0.02);
    Hypothesis worse = hypothesis(Source.LLM, FASTER.with("batch_size", "4096"), -0.02);
    Hypothesis other = hypothesis(Source.HISTORY, WIDER, 0.002);

    assertThat(rank(List.of(worse, other, better)))
        .extracting(Hypothesis::hypothesisId)
        .containsExactly(better.hypothesisId(), other.hypothesisId(), worse.hypothesisId());
  }

  @Test
  void withoutHypothesesNothingIsRanked() {
    assertThat(rank(List.of())).isEmpty();
  }

  private static List<Hypothesis> rank(List<Hypothesis> hypotheses) {
    return rank(hypotheses, List.of(), List.of());
  }

  private static List<Hypothesis> rank(
      List<Hypothesis> hypotheses, List<ForecastOutcome> outcomes, List<ForecastOutcome> others) {
    return Ranking.rank(
        hypotheses,
        TrackRecords.of(Stream.of(outcomes, others).flatMap(List::stream).toList()),
        OUTLOOK);
  }

  private static List<ForecastOutcome> records(Source source, boolean gains) {
    return Collections.nCopies(
        20,
        new ForecastOutcome(
            source.id(), -0.001, 0, 0.001, 0.05, OptionalDouble.of(gains ? 0.001 : -0.001)));
  }

  private static Hypothesis hypothesis(Source source, Arm arm, double gain) {
    return new Hypothesis(
        source.id() + "-" + arm.configId(),
        source,
        "it gains",
        "a test",
        arm,
        arm.changesFrom(BASELINE),
        List.of(),
        new Hypothesis.Forecast(gain, 0.001, 0.8, 0.05, 2_000),
        0,
        new TreeMap<>(),
        Optional.empty());
  }
}
