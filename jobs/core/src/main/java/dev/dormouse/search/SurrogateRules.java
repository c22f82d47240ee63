package dev.dormouse.search;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;
import java.util.Collection;
import java.util.List;

/**
 * How the surrogate models results, by the version of the rules that a campaign began with: one
 * that was begun under older rules goes on as it began.
 */
enum SurrogateRules {
  /** PlanForecasts are believed in size; nothing but distance says which arms turn out alike. */
  FIRST {
    @Override
    Units units(double valueSd, double triedForecastSd, double noiseSd, PlanForecasts forecasts) {
      double value = Math.max(Math.max(valueSd, noiseSd), forecasts.spread());
      double noise = noiseSd / value;
      return new Units(value, value, noise * noise + 1e-6, 0, SmoothKernel.choices());
    }

    @Override
    ArmEncoder encoder(Collection<Arm> arms, boolean listed) {
      return ArmEncoder.of(arms);
    }
  },

  /**
   * PlanForecasts are believed in order and proportion: what a past study's unit is worth in this
   * one, only its own results can tell.
   */
  SECOND {
    @Override
    Units units(double valueSd, double triedForecastSd, double noiseSd, PlanForecasts forecasts) {
      double value = positive(Math.max(valueSd, noiseSd));
      double noise = noiseSd / value;
      return new Units(
          value,
          forecasts.spread() > 0 ? forecasts.spread() / USUAL_AGREEMENT : 1,
          Math.max(noise * noise, LEAST_NOISE),
          MARGIN,
          List.of(new ArmKernel(1, ArmKernel.TRUST_VARIANCE)));
    }

    @Override
    ArmEncoder encoder(Collection<Arm> arms, boolean listed) {
      return ArmEncoder.of(arms);
    }
  },

  /**
   * As the second, and forecasts that claim to know more leave less to explore: their unit, what
   * they leave unexplained and the doubt about them follow from how well they did on past studies.
   */
  THIRD {
    @Override
    Units units(double valueSd, double triedForecastSd, double noiseSd, PlanForecasts forecasts) {
      double agreement = forecasts.agreement();
      double unexplained = 1 - agreement * agreement;
      double explained =
          agreement == 0 ? 0 : Math.pow(agreement * triedForecastSd / forecasts.spread(), 2);
      // Arms picked by good forecasts differ less than arms do.
      double value =
          positive(Math.max(valueSd / Math.sqrt(Math.min(1, unexplained + explained)), noiseSd));
      double noise = noiseSd / value;
      double left = unexplained / (1 - USUAL_AGREEMENT * USUAL_AGREEMENT);
      return new Units(
          value,
          agreement == 0 ? 1 : forecasts.spread() / agreement,
          Math.max(noise * noise, LEAST_NOISE * left),
          MARGIN * Math.sqrt(left),
          List.of(new ArmKernel(left, ArmKernel.TRUST_VARIANCE * left * left)));
    }

    @Override
    ArmEncoder encoder(Collection<Arm> arms, boolean listed) {
      return listed ? ArmEncoder.byRank(arms) : ArmEncoder.of(arms);
    }
  };

  /** Correlation of forecasts from other studies with the outcome, as measured on the CTR lake. */
  private static final double USUAL_AGREEMENT = 0.5;

  /** Least variance of a standardized result that no arm's effect explains. */
  private static final double LEAST_NOISE = 0.1;

  private static final double MARGIN = 0.2;

  /**
   * What the process computes in.
   *
   * @param value one standardized unit of a result, in metric units, above 0
   * @param forecast one standardized unit of a forecast, in metric units, above 0
   * @param noiseVariance of a standardized result around its arm's true value
   * @param margin by how much, standardized, an arm has to beat the incumbent for it to count
   * @param kernels to choose from; the first is for few results
   */
  record Units(
      double value, double forecast, double noiseVariance, double margin, List<Kernel> kernels) {
    Units {
      kernels = List.copyOf(kernels);
    }
  }

  static SurrogateRules of(int rules) {
    return rules == 1 ? FIRST : rules == 2 ? SECOND : THIRD;
  }

  /**
   * The units for what a campaign has seen so far.
   *
   * @param valueSd of the results, metric units
   * @param triedForecastSd of the forecasts for the arms that have results, metric units
   * @param noiseSd seed noise, metric units
   */
  abstract Units units(
      double valueSd, double triedForecastSd, double noiseSd, PlanForecasts forecasts);

  /** What places the arms: in a list they have no ranges but their order. */
  abstract ArmEncoder encoder(Collection<Arm> arms, boolean listed);

  private static double positive(double unit) {
    return unit > 0 ? unit : 1;
  }
}
