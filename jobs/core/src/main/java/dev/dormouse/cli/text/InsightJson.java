package dev.dormouse.cli.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.dormouse.model.Insight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The JSON form of an insight, which other programs read: flat, keys in snake case, unknown values
 * left out.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record InsightJson(
    @JsonProperty("insight_id") String insightId,
    String kind,
    String statement,
    @JsonUnwrapped Subject subject,
    @JsonUnwrapped Optional<Estimate> estimate,
    @JsonUnwrapped Optional<Evidence> counts,
    String metric,
    @JsonProperty("trap_of") Optional<String> trapOf,
    List<String> evidence) {

  /** What the insight is about, and where it holds. */
  record Subject(
      List<String> parameters,
      String from,
      String to,
      Map<String, String> conditions,
      @JsonProperty("model_variants") List<String> modelVariants,
      List<String> studies) {
    static Subject of(Insight insight) {
      return new Subject(
          insight.parameters(),
          insight.step().from(),
          insight.step().to(),
          insight.conditions(),
          insight.modelVariants(),
          insight.studies());
    }
  }

  /** How large the effect is, and how certain. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Estimate(
      Optional<Double> effect,
      @JsonProperty("plain_effect") Optional<Double> plain,
      @JsonProperty("expected_effect") Optional<Double> expected,
      Optional<List<Double>> interval,
      @JsonProperty("prediction_interval") Optional<List<Double>> predictionInterval,
      @JsonProperty("p_gain") Optional<Double> pGain,
      @JsonProperty("q_value") OptionalDouble qValue) {
    static Estimate of(Insight.Effect effect) {
      return new Estimate(
          finite(effect.mean()),
          finite(effect.plain()),
          finite(effect.expected()),
          range(OptionalDouble.of(effect.low()), OptionalDouble.of(effect.high())),
          range(effect.predictionLow(), effect.predictionHigh()),
          finite(effect.pGain()),
          effect.qValue());
    }
  }

  /** How many measurements the effect rests on. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Evidence(
      @JsonProperty("n_pairs") long pairs,
      @JsonProperty("n_slices") long slices,
      @JsonProperty("n_studies") long studies,
      @JsonProperty("share_positive") Optional<Double> sharePositive) {
    static Evidence of(Insight.Effect effect) {
      return new Evidence(
          effect.nPairs(), effect.nSlices(), effect.nStudies(), finite(effect.sharePositive()));
    }
  }

  public static InsightJson of(Insight insight) {
    return new InsightJson(
        insight.insightId(),
        insight.kind().id(),
        insight.statement(),
        Subject.of(insight),
        insight.effect().map(Estimate::of),
        insight.effect().map(Evidence::of),
        insight.metric(),
        insight.trapOf().isEmpty() ? Optional.empty() : Optional.of(insight.trapOf()),
        insight.evidence());
  }

  private static Optional<Double> finite(double number) {
    return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
  }

  private static Optional<List<Double>> range(OptionalDouble low, OptionalDouble high) {
    boolean known =
        low.isPresent()
            && high.isPresent()
            && Double.isFinite(low.getAsDouble())
            && Double.isFinite(high.getAsDouble());
    return known ? Optional.of(List.of(low.getAsDouble(), high.getAsDouble())) : Optional.empty();
  }
}
