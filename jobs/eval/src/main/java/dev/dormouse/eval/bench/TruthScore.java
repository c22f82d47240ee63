package dev.dormouse.eval.bench;

import dev.dormouse.model.Insight.Effect;
import java.util.OptionalDouble;

/** Counts how often insights of one kind are true, lake by lake. */
final class TruthScore {
  /** The smallest effect that matters to a team, in units of the metric. */
  static final double LARGE = 0.001;

  private int lakes;
  private double falseShares;
  private long reportedHere;
  private long falseHere;
  private long tested;
  private long reported;
  private long covered;
  private long coveredReported;
  private final Share found = new Share();
  private final Share foundLarge = new Share();
  private double plainBias;
  private double bias;

  private static final class Share {
    private double some;
    private long all;

    void add(boolean counts) {
      some += counts ? 1 : 0;
      all++;
    }

    OptionalDouble value() {
      return share(some, all);
    }
  }

  void nextLake() {
    close();
    lakes++;
  }

  private void close() {
    falseShares += reportedHere == 0 ? 0 : (double) falseHere / reportedHere;
    reportedHere = 0;
    falseHere = 0;
  }

  /** Counts an insight that was tested. */
  void add(Effect effect, double truth, boolean isReported) {
    boolean covers = effect.low() <= truth && truth <= effect.high();
    tested++;
    covered += covers ? 1 : 0;
    if (!isReported) {
      return;
    }
    reported++;
    reportedHere++;
    coveredReported += covers ? 1 : 0;
    // An effect of the wrong sign is as false as one that does not exist.
    falseHere += truth * effect.mean() <= 0 ? 1 : 0;
    plainBias += Math.signum(effect.plain()) * (effect.plain() - truth);
    bias += Math.signum(effect.plain()) * (effect.mean() - truth);
  }

  /** Counts a planted effect that is not 0. */
  void addPlanted(double truth, boolean isFound) {
    found.add(isFound);
    if (Math.abs(truth) >= LARGE) {
      foundLarge.add(isFound);
    }
  }

  TruthResult.Kind result() {
    close();
    return new TruthResult.Kind(
        tested,
        reported,
        falseShares / Math.max(1, lakes),
        new TruthResult.Coverage(
            share((double) covered, tested), share((double) coveredReported, reported)),
        new TruthResult.Bias(
            share(plainBias, reported),
            share(bias, reported),
            plainBias == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(1 - Math.abs(bias) / Math.abs(plainBias))),
        new TruthResult.Power(found.value(), foundLarge.value()));
  }

  private static OptionalDouble share(double some, long all) {
    return all == 0 ? OptionalDouble.empty() : OptionalDouble.of(some / all);
  }
}
