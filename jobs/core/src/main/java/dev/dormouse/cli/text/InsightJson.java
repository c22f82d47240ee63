package dev.dormouse.cli.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.dormouse.model.Insight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The JSON shape of an insight, which other programs read: flat, in snake case, nothing that is not
 * known.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record InsightJson(
    @JsonProperty("insight_id") String insightId,
    String kind,
    String statement,
    List<String> parameters,
    String from,
    String to,
    Map<String, String> conditions,
    @JsonProperty("model_variants") List<String> modelVariants,
    List<String> studies,
    Optional<Double> effect,
    @JsonProperty("plain_effect") Optional<Double> plain,
    @JsonProperty("expected_effect") Optional<Double> expected,
    Optional<List<Double>> interval,
    @JsonProperty("prediction_interval") Optional<List<Double>> predictionInterval,
    @JsonProperty("p_gain") Optional<Double> pGain,
    @JsonProperty("q_value") OptionalDouble qValue,
    @JsonProperty("n_pairs") Optional<Long> nPairs,
    @JsonProperty("n_slices") Optional<Long> nSlices,
    @JsonProperty("n_studies") Optional<Long> nStudies,
    @JsonProperty("share_positive") Optional<Double> sharePositive,
    String metric,
    @JsonProperty("trap_of") Optional<String> trapOf,
    List<String> evidence) {

  public static InsightJson of(Insight insight) {
    Optional<Insight.Effect> effect = insight.effect();
    return new InsightJson(
        insight.insightId(),
        insight.kind().id(),
        insight.statement(),
        insight.parameters(),
        insight.step().from(),
        insight.step().to(),
        insight.conditions(),
        insight.modelVariants(),
        insight.studies(),
        effect.flatMap(e -> finite(e.mean())),
        effect.flatMap(e -> finite(e.plain())),
        effect.flatMap(e -> finite(e.expected())),
        effect.flatMap(e -> interval(OptionalDouble.of(e.low()), OptionalDouble.of(e.high()))),
        effect.flatMap(e -> interval(e.predictionLow(), e.predictionHigh())),
        effect.flatMap(e -> finite(e.pGain())),
        effect.map(Insight.Effect::qValue).orElse(OptionalDouble.empty()),
        effect.map(Insight.Effect::nPairs),
        effect.map(Insight.Effect::nSlices),
        effect.map(Insight.Effect::nStudies),
        effect.flatMap(e -> finite(e.sharePositive())),
        insight.metric(),
        insight.trapOf().isEmpty() ? Optional.empty() : Optional.of(insight.trapOf()),
        insight.evidence());
  }

  private static Optional<Double> finite(double number) {
    return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
  }

  private static Optional<List<Double>> interval(OptionalDouble low, OptionalDouble high) {
    boolean known =
        low.isPresent()
            && high.isPresent()
            && Double.isFinite(low.getAsDouble())
            && Double.isFinite(high.getAsDouble());
    return known ? Optional.of(List.of(low.getAsDouble(), high.getAsDouble())) : Optional.empty();
  }
}
