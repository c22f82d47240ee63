package dev.dormouse.model;

import dev.dormouse.model.Plan.CostEstimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Computes and verifies the hash that identifies a plan: {@code v2-} and 16 hexadecimal digits over
 * the plan's canonical JSON, whose keys stand here and do not depend on the names of the records.
 *
 * <p>A hash is recorded once, when the plan is made, and is the plan's identity from then on. When
 * the form below changes, raise {@link #VERSION} and keep a way to verify the versions before. A
 * part that plans did not have before may be added without a new version if it is left out where it
 * is empty.
 */
final class PlanIdentity {
  private static final int VERSION = 2;
  private static final int DIGITS = 16;
  private static final Pattern VERSIONED = Pattern.compile("v(\\d+)-[0-9a-f]+");

  private PlanIdentity() {}

  static String hash(Plan plan) {
    return "v" + VERSION + "-" + digest(CanonicalJson.of(content(plan)));
  }

  /** Returns whether a recorded hash, of this version or an older one, is the plan's. */
  static boolean verify(String recorded, Plan plan) {
    Matcher versioned = VERSIONED.matcher(recorded);
    return versioned.matches()
        ? recorded.equals(hash(plan))
        : plan.basis().isEmpty() && recorded.equals(digest(PlanTextVersion1.of(plan)));
  }

  private static String digest(String text) {
    return Digests.sha256(text).substring(0, DIGITS);
  }

  private static Map<String, Object> content(Plan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", VERSION);
    json.put("campaign", plan.campaignId());
    json.put("phases", each(plan.phases(), PlanIdentity::phase));
    json.put("hypotheses", each(plan.hypotheses(), PlanIdentity::hypothesis));
    json.put("cost", cost(plan.cost()));
    json.put("cap_micros", plan.capMicros());
    json.put("stop_rules", plan.stopRules());
    json.put(
        "not_tried", each(plan.notTried(), left -> Map.of("what", left.what(), "why", left.why())));
    plan.basis().ifPresent(basis -> json.put("basis", basis(basis)));
    return json;
  }

  private static <T> List<Object> each(List<T> values, Function<T, Object> json) {
    return values.stream().map(json).toList();
  }

  private static Map<String, Object> phase(Plan.PhasePlan phase) {
    return Map.of(
        "phase", phase.phase().id(),
        "trials", phase.trials(),
        "seeds", phase.seeds(),
        "cost", cost(phase.cost()),
        "purpose", phase.purpose());
  }

  private static Map<String, Object> cost(CostEstimate cost) {
    return Map.of(
        "low_micros", cost.lowMicros(),
        "expected_micros", cost.expectedMicros(),
        "high_micros", cost.highMicros(),
        "basis", cost.basis());
  }

  private static Map<String, Object> hypothesis(Hypothesis hypothesis) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", hypothesis.hypothesisId());
    json.put("source", hypothesis.source().id());
    json.put("claim", hypothesis.claim());
    json.put("rationale", hypothesis.rationale());
    json.put("model", hypothesis.arm().modelVariant());
    json.put("params", hypothesis.arm().params());
    json.put(
        "changes",
        each(
            hypothesis.changes(),
            change ->
                Map.of("parameter", change.parameter(), "from", change.from(), "to", change.to())));
    json.put("evidence", hypothesis.evidence());
    json.put("forecast", forecast(hypothesis.forecast()));
    json.put("score", number(hypothesis.score()));
    json.put(
        "terms",
        hypothesis.terms().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, term -> number(term.getValue()))));
    hypothesis.duplicateOf().ifPresent(run -> json.put("duplicate_of", run));
    return json;
  }

  private static Map<String, Object> basis(Plan.Basis basis) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("forecasts", basis.forecastsHash());
    json.put("noise_sd", number(basis.noiseSd()));
    json.put("better", each(basis.better(), PlanIdentity::hypothesis));
    basis.betterBaseline().ifPresent(sentence -> json.put("better_baseline", sentence));
    if (!basis.cautions().isEmpty()) {
      json.put("cautions", basis.cautions());
    }
    return json;
  }

  private static Map<String, Object> forecast(Hypothesis.Forecast forecast) {
    return Map.of(
        "gain", number(forecast.gain()),
        "gain_sd", number(forecast.gainSd()),
        "p_success", number(forecast.pSuccess()),
        "p_failure", number(forecast.pFailure()),
        "cost_micros", forecast.costMicros());
  }

  /** JSON has no NaN and no infinity; they become texts. */
  private static Object number(double value) {
    if (Double.isFinite(value)) {
      return value;
    }
    return Double.toString(value);
  }
}
