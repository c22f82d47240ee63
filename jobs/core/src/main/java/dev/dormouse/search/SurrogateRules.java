package dev.dormouse.search;

import dev.dormouse.forecast.ArmEncoder;
import dev.dormouse.model.Arm;
import dev.dormouse.search.Posterior.Prediction;
import java.util.Collection;
import java.util.List;

/**
 * Units and encoding of the surrogate model, by version of the rules. A campaign keeps the version
 * that it was created with.
 */
enum SurrogateRules {
  /** Uses the size of forecasts as it is, and a kernel of the distance between arms alone. */
  FIRST {
    @Override
    Units units(Spread tried, double noiseSd, PriorForecasts forecasts) {
      double value = Math.max(Math.max(tried.values(), noiseSd), forecasts.spread());
      double noise = noiseSd / value;
      return new Units(value, value, noise * noise + 1e-6, 0, SmoothKernel.choices());
    }

    @Override
    ArmEncoder encoder(Collection<Arm> arms, ProposalContext context) {
      return ArmEncoder.of(arms);
    }
  },

  /**
   * Uses the order and proportions of forecasts; their scale in this study is learnt from its own
   * results.
   */
  SECOND {
    @Override
    Units units(Spread tried, double noiseSd, PriorForecasts forecasts) {
      double value = positive(Math.max(tried.values(), noiseSd));
      double noise = noiseSd / value;
      return new Units(
          value,
          forecasts.spread() > 0 ? forecasts.spread() / USUAL_AGREEMENT : 1,
          Math.max(noise * noise, LEAST_NOISE),
          MARGIN,
          List.of(new ArmKernel(1, ArmKernel.TRUST_VARIANCE, HALF, FEW_SETTINGS, HALF)));
    }

    @Override
    ArmEncoder encoder(Collection<Arm> arms, ProposalContext context) {
      return ArmEncoder.of(arms);
    }
  },

  /**
   * As {@link #SECOND}, but the better the forecasts did on past studies, the less is left to
   * explore: their unit, the unexplained variance and the trust variance follow from it.
   */
  THIRD {
    @Override
    Units units(Spread tried, double noiseSd, PriorForecasts forecasts) {
      double agreement = forecasts.agreement();
      double unexplained = 1 - agreement * agreement;
      double explained =
          agreement == 0 ? 0 : Math.pow(agreement * tried.forecasts() / forecasts.spread(), 2);
      // Arms chosen by good forecasts differ less than arms at random.
      double value =
          positive(
              Math.max(tried.values() / Math.sqrt(Math.min(1, unexplained + explained)), noiseSd));
      double noise = noiseSd / value;
      double left = unexplained / (1 - USUAL_AGREEMENT * USUAL_AGREEMENT);
      return new Units(
          value,
          agreement == 0 ? 1 : forecasts.spread() / agreement,
          Math.max(noise * noise, LEAST_NOISE * left),
          MARGIN * Math.sqrt(left),
          List.of(
              new ArmKernel(
                  left, ArmKernel.TRUST_VARIANCE * left * left, HALF, FEW_SETTINGS, HALF)));
    }

    @Override
    ArmEncoder encoder(Collection<Arm> arms, ProposalContext context) {
      return context.hasListedArms() ? ArmEncoder.byRank(arms) : ArmEncoder.of(arms);
    }
  },

  /**
   * As {@link #THIRD}, for lists and spaces alike. The spread of gains in past studies stands in
   * for that of the campaign's results until there are some.
   */
  FOURTH {
    @Override
    Units units(Spread tried, double noiseSd, PriorForecasts forecasts) {
      double agreement = forecasts.agreement();
      double unexplained = 1 - agreement * agreement;
      double explained =
          forecasts.spread() == 0 ? 0 : Math.pow(tried.forecasts() / forecasts.spread(), 2);
      double measured =
          Math.max(tried.values() / Math.sqrt(Math.min(1, unexplained + explained)), noiseSd);
      double value =
          forecasts.spread() == 0 || measured == 0
              ? positive(Math.max(measured, forecasts.spread()))
              // A geometric mean, since a new metric may have another scale than past ones.
              : Math.exp(
                  (Math.log(forecasts.spread()) + (tried.arms() - 1) * Math.log(measured))
                      / tried.arms());
      double noise = noiseSd / value;
      double left = unexplained / (1 - USUAL_AGREEMENT * USUAL_AGREEMENT);
      return new Units(
          value,
          positive(forecasts.spread()),
          Math.max(noise * noise, LEAST_NOISE * left),
          0,
          VARIANT_VARIANCES.stream()
              .<Kernel>map(
                  variance ->
                      new ArmKernel(
                          left, ArmKernel.TRUST_VARIANCE * left * left, variance, SETTINGS, HALF))
              .toList());
    }

    @Override
    double news(Prediction prediction, double noiseVariance) {
      double variance = prediction.sd() * prediction.sd();
      return 1 - Math.sqrt(noiseVariance / (variance + noiseVariance));
    }

    @Override
    Posterior fit(
        EncodedArm[] points, double[] values, double[] noiseVariances, List<Kernel> kernels) {
      return AveragedProcess.fit(points, values, noiseVariances, kernels);
    }

    @Override
    ArmEncoder encoder(Collection<Arm> arms, ProposalContext context) {
      return ArmEncoder.byRank(arms);
    }
  };

  /** Correlation of forecasts from other studies with the outcome, as measured on the CTR lake. */
  private static final double USUAL_AGREEMENT = 0.5;

  /** Lower limit of the noise variance of a standardized result. */
  private static final double LEAST_NOISE = 0.1;

  /** Until version 3. */
  private static final double MARGIN = 0.2;

  /** Variance of smooth deviations, and of variants up to version 3. */
  private static final double HALF = 0.5;

  /** Variance of the effect of a parameter's value, up to version 3. */
  private static final double FEW_SETTINGS = 0.03;

  /**
   * The same since version 4. With less, a search takes the settings of the best model for settled
   * after two or three results and tries its neighbours again and again.
   */
  private static final double SETTINGS = 0.1;

  /**
   * Variances of variants since version 4. In lists of arms that people chose, the model matters
   * about as much as in their past studies; in search spaces with ranges it may matter more.
   */
  private static final List<Double> VARIANT_VARIANCES = List.of(0.5, 1.5, 4.5, 13.5);

  /**
   * Units and kernels of the Gaussian process.
   *
   * @param value one standardized unit of a result, in metric units, above 0
   * @param forecast one standardized unit of a forecast, in metric units, above 0
   * @param noiseVariance variance of a standardized result around its arm's true value
   * @param margin standardized lead over the incumbent from which an improvement counts
   * @param kernels the models of what differs between arms
   */
  record Units(
      double value, double forecast, double noiseVariance, double margin, List<Kernel> kernels) {
    Units {
      kernels = List.copyOf(kernels);
    }
  }

  /**
   * How far the results so far lie apart.
   *
   * @param arms number of different arms that have results; at least 1
   * @param values standard deviation of the results, in metric units
   * @param forecasts the same of the forecasts of their arms
   */
  record Spread(int arms, double values, double forecasts) {}

  static SurrogateRules of(int rules) {
    return switch (rules) {
      case 1 -> FIRST;
      case 2 -> SECOND;
      case 3 -> THIRD;
      default -> FOURTH;
    };
  }

  /**
   * Returns the units for the results so far.
   *
   * @param tried how far the results lie apart
   * @param noiseSd seed noise, in metric units
   */
  abstract Units units(Spread tried, double noiseSd, PriorForecasts forecasts);

  /** Returns the encoder of the arms; listed arms have no ranges, only an order. */
  abstract ArmEncoder encoder(Collection<Arm> arms, ProposalContext context);

  /**
   * Returns the factor of an expected improvement for how much a run of the arm would tell, from 0
   * to 1: one beside an arm that ran already shows little but noise (augmented expected
   * improvement; Huang, Allen, Notz and Zeng, 2006, equation 12). Until version 3 the margin stands
   * for it.
   *
   * @param noiseVariance variance of a standardized result around its arm's true value
   */
  double news(Prediction prediction, double noiseVariance) {
    return 1;
  }

  /**
   * Fits a model to standardized values at points.
   *
   * @param noiseVariances variance of each value around its point's true value
   */
  Posterior fit(
      EncodedArm[] points, double[] values, double[] noiseVariances, List<Kernel> kernels) {
    return GaussianProcess.fit(points, values, noiseVariances, kernels);
  }

  private static double positive(double unit) {
    return unit > 0 ? unit : 1;
  }
}
