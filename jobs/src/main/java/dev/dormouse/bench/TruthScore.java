package dev.dormouse.bench;

import dev.dormouse.model.Insight.Effect;

/** Counts how often insights of one kind are true, lake by lake. */
final class TruthScore {
  /** Effects from this size on are what a team would want to be told of. */
  private static final double LARGE = 0.001;

  private int lakes;
  private double falseShares;
  private long reportedHere;
  private long falseHere;
  private long tested;
  private long reported;
  private long covered;
  private long coveredReported;
  private long real;
  private long realReported;
  private long large;
  private long largeReported;
  private double plainBias;
  private double bias;

  void nextLake() {
    close();
    lakes++;
  }

  private void close() {
    falseShares += reportedHere == 0 ? 0 : (double) falseHere / reportedHere;
    reportedHere = 0;
    falseHere = 0;
  }

  void add(Effect effect, double truth, boolean isReported) {
    boolean covers = effect.low() <= truth && truth <= effect.high();
    tested++;
    covered += covers ? 1 : 0;
    real += truth != 0 ? 1 : 0;
    large += Math.abs(truth) >= LARGE ? 1 : 0;
    if (!isReported) {
      return;
    }
    reported++;
    reportedHere++;
    coveredReported += covers ? 1 : 0;
    realReported += truth != 0 ? 1 : 0;
    largeReported += Math.abs(truth) >= LARGE ? 1 : 0;
    // To be told of an effect of the wrong sign is as false as to be told of one that is not there.
    falseHere += truth * effect.mean() <= 0 ? 1 : 0;
    plainBias += Math.signum(effect.plain()) * (effect.plain() - truth);
    bias += Math.signum(effect.plain()) * (effect.mean() - truth);
  }

  TruthResult.Kind result() {
    close();
    return new TruthResult.Kind(
        tested,
        reported,
        falseShares / Math.max(1, lakes),
        (double) covered / tested,
        (double) coveredReported / reported,
        plainBias / reported,
        bias / reported,
        1 - Math.abs(bias) / Math.abs(plainBias),
        (double) realReported / real,
        (double) largeReported / large);
  }
}
