package dev.dormouse.plan;

import java.util.List;

/**
 * How the surrogate models results, by the version of the rules that a campaign began with: one
 * that was begun under older rules goes on as it began.
 */
enum SurrogateRules {
  /** Forecasts are believed in size; nothing but distance says which arms turn out alike. */
  FIRST(1e-6, 0) {
    @Override
    List<Kernel> kernels() {
      return SmoothKernel.choices();
    }

    @Override
    double scale(double valueSpread, double noiseSd, double forecastSpread) {
      return Math.max(Math.max(valueSpread, noiseSd), forecastSpread);
    }

    @Override
    double forecastUnit(double scale, double forecastSpread) {
      return scale;
    }

    @Override
    double noiseVariance(double standardizedNoise) {
      return standardizedNoise * standardizedNoise + leastNoise();
    }
  },

  /**
   * Forecasts are believed in order and proportion: what a past study's unit is worth in this one,
   * only its own results can tell.
   */
  SECOND(0.1, 0.2) {
    @Override
    List<Kernel> kernels() {
      return List.of(new ArmKernel());
    }

    @Override
    double scale(double valueSpread, double noiseSd, double forecastSpread) {
      double scale = Math.max(valueSpread, noiseSd);
      return scale > 0 ? scale : 1;
    }

    @Override
    double forecastUnit(double scale, double forecastSpread) {
      return forecastSpread > 0 ? forecastSpread / FORECAST_SPREAD : 1;
    }

    @Override
    double noiseVariance(double standardizedNoise) {
      return Math.max(standardizedNoise * standardizedNoise, leastNoise());
    }
  };

  /** What forecasts explain: half a standard deviation of what there is to explain. */
  private static final double FORECAST_SPREAD = 0.5;

  private final double leastNoise;
  private final double margin;

  SurrogateRules(double leastNoise, double margin) {
    this.leastNoise = leastNoise;
    this.margin = margin;
  }

  static SurrogateRules of(int rules) {
    return rules == 1 ? FIRST : SECOND;
  }

  /** Kernels to choose from; the first is for few results. */
  abstract List<Kernel> kernels();

  /** Least variance of a standardized result that no arm's effect explains. */
  double leastNoise() {
    return leastNoise;
  }

  /** By how much, standardized, an arm has to beat the incumbent for it to count. */
  double margin() {
    return margin;
  }

  /** What one unit of a standardized value is, in metric units, above 0. */
  abstract double scale(double valueSpread, double noiseSd, double forecastSpread);

  /** What one unit of a standardized forecast is, in metric units, above 0. */
  abstract double forecastUnit(double scale, double forecastSpread);

  /** Variance of a standardized result around its arm's true value. */
  abstract double noiseVariance(double standardizedNoise);
}
