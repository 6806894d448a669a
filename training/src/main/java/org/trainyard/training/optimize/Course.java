package org.trainyard.training.optimize;

import java.io.Serializable;
import org.trainyard.pipeline.config.Check;

/**
 * A schedule that rises in a straight line and then follows a curve.
 *
 * @param warmUp share of the run that warms up, 0 to 1
 * @param warmUpUnits units that warm up, instead of the share, if over 0
 * @param startFactor factor at the first step
 * @param curve what follows
 */
record Course(double warmUp, long warmUpUnits, double startFactor, Curve curve)
    implements Schedule {

  /** What follows the warm-up. */
  interface Curve extends Serializable {
    /**
     * The factor on the rate.
     *
     * @param course share of what follows the warm-up that is over, 0 to 1
     */
    double at(double course);
  }

  /** Checks settings: some rate must be left. */
  static void check(double warmUp, long warmUpUnits, double finalFactor) {
    Check.require(
        warmUp < 1 || warmUpUnits > 0 || finalFactor > 0,
        "warm-up",
        "of 1 leaves no time at the full rate; give a share below 1");
  }

  @Override
  public double factor(long seen, long total) {
    double warm = warmUpUnits > 0 ? warmUpUnits : warmUp * total;
    if (seen < warm) {
      return startFactor + (1 - startFactor) * (seen / warm);
    }
    return curve.at(total > warm ? Math.min(1, (seen - warm) / (total - warm)) : 1);
  }
}
