package dev.dormouse.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The forecasts that a plan rests on: all candidates of the campaign, and what its study knows
 * already. They belong to the plan, so that ticks need neither Spark nor the history.
 *
 * @param agreement correlation of the forecasts with outcomes in studies that they have not seen,
 *     from 0 to below 1
 * @param spread standard deviation of the gains of arms within one study, in metric units, above 0
 * @param arms the candidates, each arm once
 * @param known the arms that the study tried before, each arm once
 * @param ignored what the models of these arms ignore, as past runs tell; of other models nothing
 *     is kept
 */
public record ArmForecasts(
    double agreement,
    double spread,
    List<ArmForecast> arms,
    List<KnownArm> known,
    IgnoredParameters ignored) {
  private static final int DIGITS = 16;

  public ArmForecasts {
    arms = List.copyOf(arms);
    known = List.copyOf(known);
    ignored =
        ignored.by(
            Stream.concat(arms.stream().map(ArmForecast::arm), known.stream().map(KnownArm::arm))
                .map(Arm::modelVariant)
                .collect(Collectors.toSet()));
    if (!(agreement >= 0 && agreement < 1)) {
      throw new IllegalArgumentException(
          "The agreement of forecasts is " + agreement + "; it must be from 0 to below 1");
    }
    if (!(spread > 0)) {
      throw new IllegalArgumentException("The spread is " + spread + "; it must be above 0");
    }
  }

  /** Forecasts of models of which it is not known whether they ignore anything. */
  public ArmForecasts(
      double agreement, double spread, List<ArmForecast> arms, List<KnownArm> known) {
    this(agreement, spread, arms, known, IgnoredParameters.NONE);
  }

  /** Returns the standard deviation of a forecast's error, in metric units. */
  public double gainSd() {
    return spread * Math.sqrt(1 - agreement * agreement);
  }

  /** Returns 16 hexadecimal digits that identify the whole content. */
  public String hash() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", 1);
    json.put("agreement", agreement);
    json.put("spread", spread);
    json.put("arms", arms.stream().map(ArmForecasts::json).toList());
    json.put("known", known.stream().map(ArmForecasts::json).toList());
    if (!ignored.equals(IgnoredParameters.NONE)) {
      json.put("ignored", ignored.byVariant());
    }
    return "f1-" + Digests.sha256(CanonicalJson.of(json)).substring(0, DIGITS);
  }

  private static Object json(ArmForecast forecast) {
    return Map.of(
        "arm", forecast.arm().asMap(),
        "gain", forecast.gain(),
        "p_failure", forecast.pFailure(),
        "cost_micros", forecast.costMicros());
  }

  private static Object json(KnownArm known) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("arm", known.arm().asMap());
    known.knownGain().ifPresent(gain -> json.put("gain", gain));
    json.put("gain_sd", known.gainSd());
    json.put("runs", known.runs());
    json.put("run_id", known.runId());
    return json;
  }
}
